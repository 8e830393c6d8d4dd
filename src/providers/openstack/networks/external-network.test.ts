import type { Network } from '../client';
import { chooseExternalNetwork } from './external-network';

const network = (id: string, name: string): Network => ({ id, name, status: 'ACTIVE', subnets: [] });
const external = [network('id-2', 'public'), network('id-1', 'internet'), network('id-3', 'id-1')];

it('is the one that is configured, by id before name, or the first by name', () => {
  expect(chooseExternalNetwork(external, undefined)?.id).toBe('id-3');
  expect(chooseExternalNetwork(external, 'public')?.id).toBe('id-2');
  expect(chooseExternalNetwork(external, 'id-1')?.id).toBe('id-1');
  expect(chooseExternalNetwork(external, 'other')).toBeNull();
  expect(chooseExternalNetwork([], undefined)).toBeNull();
});

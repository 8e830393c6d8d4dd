import { silentLogger } from '../../../src/kernel';
import { RequestGate, unwatchedCall } from '../../../src/providers/contract';
import { createProvider } from '../../../src/providers/registry';
import { startSimulator } from './simulator';

let loaded = 0;

jest.mock('@aws-sdk/client-ec2', () => {
  loaded += 1;
  return jest.requireActual<object>('@aws-sdk/client-ec2');
});

it('does not load the SDK before the first request', async () => {
  const simulator = await startSimulator();
  const environment = { backendName: 'test', logger: silentLogger, requests: new RequestGate() };
  const provider = createProvider('ec2', simulator.connection, environment);
  expect(provider.capabilities.watch).toBe('PUSH');
  expect(loaded).toBe(0);
  await provider.probe(unwatchedCall(new AbortController().signal, silentLogger));
  expect(loaded).toBe(1);
  await provider.close();
  await simulator.close();
});

it('does not load it to be closed', async () => {
  const before = loaded;
  const config = { region: 'eu-west-1', accessKeyId: 'a', secretAccessKey: 's' };
  const environment = { backendName: 'test', logger: silentLogger, requests: new RequestGate() };
  await createProvider('ec2', config, environment).close();
  expect(loaded).toBe(before);
});

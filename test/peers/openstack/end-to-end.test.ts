import { describeOpenStackFlow } from '../../providers/openstack/flow';
import { startRealCloud } from '../support/real-openstack';

jest.setTimeout(600_000);

describeOpenStackFlow({
  name: 'GraphQL over Keystone, Nova, Neutron and Glance themselves',
  start: () => startRealCloud(),
  progressValues: 3,
});

import { describeCloudFlow } from '../../providers/cloud-flow';
import { runningCloud } from '../../providers/openstack/world';
import { startRealCloud } from '../support/real-openstack';

describeCloudFlow({
  name: 'GraphQL over Keystone, Nova, Neutron and Glance themselves',
  start: async () => runningCloud(await startRealCloud()),
  suspends: true,
  progressValues: 3,
  smallest: { cpuCount: 1, memoryMib: 512, diskGib: 1 },
  larger: { cpuCount: 2, memoryMib: 4_096 },
  timeoutMs: 600_000,
});

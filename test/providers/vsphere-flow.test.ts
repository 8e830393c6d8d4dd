import { describeVsphereFlow } from './vsphere-flow';
import { startSimulator } from './vsphere-simulator';

describeVsphereFlow({
  name: 'GraphQL over the simulated vCenter',
  start: () => startSimulator({ taskMs: 150 }),
  progressValues: 5,
  gracefulReboot: true,
});

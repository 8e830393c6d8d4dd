import { until } from '../../support/until';
import { describeVsphereFlow, look } from './flow';
import { startSimulator } from './simulator';

describeVsphereFlow({
  name: 'GraphQL over the simulated vCenter',
  start: () => startSimulator({ taskMs: 150 }),
  progressValues: 5,
  gracefulReboot: true,
  // The guest's tools tell them a while after its start.
  hears: async (caller, id) => {
    await until(
      () => look(caller, id),
      ({ ipAddresses }) => ipAddresses.length > 0,
    );
  },
});

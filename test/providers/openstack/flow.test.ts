import { describeOpenStackFlow } from './flow';
import { startSimulator } from './simulator';

describeOpenStackFlow({
  name: 'GraphQL over the simulated OpenStack',
  start: () => startSimulator({ operationMs: 400 }),
  config: { pollIntervalMs: 100 },
  progressValues: 3,
});

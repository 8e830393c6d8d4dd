import { describeCloudFlow } from '../cloud-flow';
import { startSimulator } from './simulator';
import { runningCloud } from './world';

describeCloudFlow({
  name: 'GraphQL over the simulated OpenStack',
  start: async () => runningCloud(await startSimulator({ operationMs: 400 }), { pollIntervalMs: 100 }),
  suspends: true,
  progressValues: 3,
  smallest: { cpuCount: 1, memoryMib: 512, diskGib: 1 },
  larger: { cpuCount: 2, memoryMib: 4_096 },
  timeoutMs: 60_000,
});

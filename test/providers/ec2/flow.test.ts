import { describeCloudFlow } from '../cloud-flow';
import type { RunningCloud } from '../cloud-flow';
import { imageNamed, startSimulator } from './simulator';

/** The smallest type of the default family that is as large as one CPU and 512 MiB. */
const NANO = { cpuCount: 2, memoryMib: 512, diskGib: 8 };

async function start(): Promise<RunningCloud> {
  const simulator = await startSimulator({ operationMs: 150, bootMs: 150, lagMs: 50, vms: 3 });
  const { control, connection } = simulator;
  return {
    backend: { kind: 'ec2', ...connection, pollIntervalMs: 100, listingLagMs: 100 },
    imageRef: imageNamed('debian-12-amd64-20260101-1978'),
    inventory: async () =>
      control
        .instances()
        .filter(({ state }) => state !== 'terminated')
        .map(({ id }) => id),
    powerOff: async (id) => {
      control.stopBehindBack(id);
    },
    rename: async (id, name) => {
      control.renameBehindBack(id, name);
    },
    destroy: async (id) => {
      control.terminateBehindBack(id);
    },
    stop: () => simulator.close(),
  };
}

describeCloudFlow({
  name: 'GraphQL over the simulated EC2',
  start,
  suspends: false,
  progressValues: 4,
  smallest: NANO,
  larger: { cpuCount: 2, memoryMib: 3_000 },
  timeoutMs: 60_000,
});

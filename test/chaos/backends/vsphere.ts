import { optionsSchema } from '../../../src/simulators/vsphere/options';
import { startVsphereSimulator } from '../../../src/simulators/vsphere/start';
import { ENVIRONMENT, WORK_MS } from './faulty-backend';
import type { BackendTrouble, FaultyBackend } from './faulty-backend';
import { listedBy } from './listed-by';

/** Its inventory is the property collector's, which lags behind nothing. */
export async function vsphere({ loseReply, seed }: BackendTrouble): Promise<FaultyBackend> {
  const templates = [{ name: 'tiny', diskGib: 1 }];
  const shape = { vms: 0, templates, taskMs: WORK_MS, faults: { loseReply }, seed };
  const simulator = await startVsphereSimulator(optionsSchema.parse(shape), ENVIRONMENT);
  const { connection, faults } = simulator;
  return {
    name: 'vsphere',
    entry: { name: 'vsphere', kind: 'vsphere', location: 'INTERNAL', ...connection },
    imageRef: 'tiny',
    inventory: async (installationId) => {
      faults.clear();
      return listedBy('vsphere', connection, installationId);
    },
    lostReplies: () => faults.count('loseReply'),
    close: () => simulator.close(),
  };
}

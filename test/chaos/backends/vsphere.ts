import { optionsSchema } from '../../../src/simulators/vsphere/options';
import { startVsphereSimulator } from '../../../src/simulators/vsphere/start';
import { ENVIRONMENT, WORK_MS } from './faulty-backend';
import type { BackendTrouble, FaultyBackend } from './faulty-backend';
import { listedBy } from './listed-by';

/** Its inventory is the property collector's, which lags behind nothing. */
export async function vsphere({ loseReply, seed }: BackendTrouble): Promise<FaultyBackend> {
  const templates = [{ name: 'tiny', diskGib: 1 }];
  const shape = { vms: 0, templates, taskMs: WORK_MS, faults: { loseReply }, seed };
  const options = optionsSchema.parse(shape);
  const simulator = await startVsphereSimulator(options, ENVIRONMENT);
  const { connection, faults } = simulator;
  const entry = { name: 'vsphere', kind: 'vsphere', location: 'INTERNAL', ...connection };
  return {
    name: 'vsphere',
    entry,
    imageRef: 'tiny',
    inventory: async (installationId) => {
      faults.clear();
      return listedBy('vsphere', connection, installationId);
    },
    lostReplies: () => faults.count('loseReply'),
    hardships: ['AWAY', 'FAILING', 'LOSING'],
    suffer: (hardship) => {
      simulator.refuseConnections(hardship === 'AWAY');
      const odds = { fail: hardship === 'FAILING' ? 1 : 0, lose: hardship === 'LOSING' ? 1 : 0 };
      Object.assign(options.taskFaults, odds);
      return entry;
    },
    close: () => simulator.close(),
  };
}

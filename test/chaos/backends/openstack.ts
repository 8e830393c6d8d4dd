import { optionsSchema } from '../../../src/simulators/openstack/options';
import { startOpenstackSimulator } from '../../../src/simulators/openstack/start';
import { ENVIRONMENT, listingLagOf, WORK_MS } from './faulty-backend';
import type { BackendTrouble, FaultyBackend } from './faulty-backend';

const AMPLE = 100_000;
/** Nothing fails for want of room: whatever fails did so for another reason. */
const ROOM = {
  quota: { instances: AMPLE, cores: AMPLE, memoryMib: 1_000 * AMPLE, securityGroups: AMPLE },
  hosts: 1_000,
  hostVcpus: AMPLE,
  hostMemoryMib: 1_000 * AMPLE,
};

export async function openstack(trouble: BackendTrouble): Promise<FaultyBackend> {
  const { lagMs, loseReply, seed } = trouble;
  const shape = { vms: 0, operationMs: WORK_MS, lagMs, faults: { loseReply }, seed, ...ROOM };
  const simulator = await startOpenstackSimulator(optionsSchema.parse(shape), ENVIRONMENT);
  const pace = { pollIntervalMs: 250, listingLagMs: listingLagOf(trouble) };
  return {
    name: 'openstack',
    entry: { name: 'openstack', kind: 'openstack', location: 'EXTERNAL', ...simulator.connection, ...pace },
    imageRef: 'cirros',
    inventory: async () =>
      simulator.control.servers().map(({ id, metadata }) => ({
        backend: 'openstack',
        externalId: id,
        objectId: metadata['hypergate:object'] ?? null,
      })),
    lostReplies: () => simulator.faults.count('loseReply'),
    close: () => simulator.close(),
  };
}

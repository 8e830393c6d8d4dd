import { optionsSchema } from '../../../src/simulators/openstack/options';
import { startOpenstackSimulator } from '../../../src/simulators/openstack/start';
import type { OpenstackSimulator } from '../../../src/simulators/openstack/start';
import { ENVIRONMENT } from '../backends/faulty-backend';
import type { FaultyBackend } from '../backends/faulty-backend';

const WORK_MS = 20;
const POLL_MS = 100;

/** A cloud that accepts the same creation any number of times, and can be looked into. */
export interface Cloud extends FaultyBackend {
  readonly simulator: OpenstackSimulator;
}

export async function startCloud(): Promise<Cloud> {
  const simulator = await startOpenstackSimulator(
    optionsSchema.parse({ vms: 0, operationMs: WORK_MS }),
    ENVIRONMENT,
  );
  return {
    simulator,
    name: 'openstack',
    entry: {
      name: 'openstack',
      kind: 'openstack',
      location: 'EXTERNAL',
      ...simulator.connection,
      pollIntervalMs: POLL_MS,
    },
    imageRef: 'cirros',
    inventory: async () =>
      simulator.control.servers().map(({ id, metadata }) => ({
        ...{ backend: 'openstack', externalId: id },
        objectId: metadata['hypergate:object'] ?? null,
      })),
    lostReplies: () => 0,
    close: () => simulator.close(),
  };
}

import { silentLogger } from '../../../src/kernel';
import { optionsSchema } from '../../../src/simulators/openstack/options';
import { startOpenstackSimulator } from '../../../src/simulators/openstack/start';
import type { OpenstackSimulator } from '../../../src/simulators/openstack/start';
import type { OpenStackHarnessOptions, OpenStackServer } from './harness';

/** As fast as an asynchronous server can be. */
const QUICK = { vms: 2, operationMs: 40 };

export interface SimulatedCloud extends OpenStackServer {
  readonly simulator: OpenstackSimulator;
}

/** The simulator in this process, on a free port of the loopback interface. */
export async function startSimulator(options: object = {}): Promise<SimulatedCloud> {
  const parsed = optionsSchema.parse({ ...QUICK, ...options });
  const environment = { host: '127.0.0.1', port: 0, logger: silentLogger };
  const simulator = await startOpenstackSimulator(parsed, environment);
  const { authUrl = '', username = '', password = '', project = '', domain = '' } = simulator.connection;
  return {
    simulator,
    ...{ authUrl, username, password, project, domain },
    setUnavailable: async (unavailable) => {
      simulator.refuseConnections(unavailable);
    },
    stop: () => simulator.close(),
  };
}

/** What the conformance suite has to know of it. */
export const SIMULATED = {
  start: () => startSimulator(),
  faults: ['loseNextReply', 'setUnavailable', 'destroyBehindBack', 'powerOffBehindBack', 'renameBehindBack'],
  pollIntervalMs: 100,
  largeImageRef: 'debian-12',
  timeoutMs: 20_000,
} as const satisfies Omit<OpenStackHarnessOptions, 'name'>;

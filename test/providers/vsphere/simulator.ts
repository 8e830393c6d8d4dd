import { silentLogger } from '../../../src/kernel';
import { optionsSchema } from '../../../src/simulators/vsphere/options';
import { startVsphereSimulator } from '../../../src/simulators/vsphere/start';
import type { VsphereSimulator } from '../../../src/simulators/vsphere/start';
import type { VsphereServer } from './harness';

/** As fast as an asynchronous server can be. */
const QUICK = {
  vms: 0,
  templates: [{ name: 'origin', diskGib: 1 }],
  taskMs: 10,
  guestBootMs: 20,
  guestShutdownMs: 10,
};

export interface SimulatedServer extends VsphereServer {
  readonly simulator: VsphereSimulator;
}

/** The simulator in this process, on a free port of the loopback interface. */
export async function startSimulator(options: object = {}): Promise<SimulatedServer> {
  const parsed = optionsSchema.parse({ ...QUICK, ...options });
  const environment = { host: '127.0.0.1', port: 0, logger: silentLogger };
  const simulator = await startVsphereSimulator(parsed, environment);
  const { url, username = '', password = '' } = simulator.connection;
  return {
    simulator,
    url: url ?? simulator.url,
    username,
    password,
    setUnavailable: async (unavailable) => {
      simulator.refuseConnections(unavailable);
    },
    stop: () => simulator.close(),
  };
}

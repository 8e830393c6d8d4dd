import type { SimulatorFactory } from '../simulator';
import { optionsSchema } from './options';

/** A vCenter that is not there: its inventory, its tasks and its wire. */
export const vsphereSimulator: SimulatorFactory<typeof optionsSchema> = {
  kind: 'vsphere',
  optionsSchema,
  connectionExample: { url: 'http://127.0.0.1:8989/sdk', username: 'user', password: 'password' },
  start: async (options, environment) => {
    // Loaded when it is needed: a gateway without simulators starts without it.
    const { startVsphereSimulator } = await import('./start.js');
    return startVsphereSimulator(options, environment);
  },
};

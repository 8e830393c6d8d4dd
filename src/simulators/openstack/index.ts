import type { SimulatorFactory } from '../simulator';
import { optionsSchema } from './options';

/** An OpenStack that is not there: Keystone, Nova, Glance and Neutron behind one address. */
export const openstackSimulator: SimulatorFactory<typeof optionsSchema> = {
  kind: 'openstack',
  optionsSchema,
  connectionExample: {
    authUrl: 'http://127.0.0.1:5000/identity/v3',
    username: 'demo',
    password: 'password',
    project: 'demo',
    domain: 'Default',
  },
  start: async (options, environment) => {
    // Loaded when it is needed: a gateway without simulators starts without it.
    const { startOpenstackSimulator } = await import('./start.js');
    return startOpenstackSimulator(options, environment);
  },
};

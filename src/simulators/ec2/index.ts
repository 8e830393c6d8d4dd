import type { SimulatorFactory } from '../simulator';
import { optionsSchema } from './options';

/** A region of EC2 that is not there: one account, its instances and networks, and the wire. */
export const ec2Simulator: SimulatorFactory<typeof optionsSchema> = {
  kind: 'ec2',
  optionsSchema,
  connectionExample: {
    region: 'eu-central-1',
    endpoint: 'http://127.0.0.1:4566',
    accessKeyId: 'AKIASIMULATEDACCOUNT',
    secretAccessKey: 'secret',
  },
  start: async (options, environment) => {
    // Loaded when it is needed: a gateway without simulators starts without it.
    const { startEc2Simulator } = await import('./start.js');
    return startEc2Simulator(options, environment);
  },
};

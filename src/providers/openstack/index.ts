import type { ProviderFactory } from '../contract';
import { openCloud } from './cloud';
import { configSchema } from './config';
import { OpenStackProvider } from './provider';

/** Servers and networks of one project of an OpenStack cloud. */
export const openstackProvider: ProviderFactory<typeof configSchema> = {
  kind: 'openstack',
  configSchema,
  create: (config, environment) => {
    const logger = environment.logger.child({ backend: environment.backendName });
    return new OpenStackProvider(openCloud(config, { ...environment, logger }));
  },
};

import type { ProviderFactory } from '../contract';
import { configSchema } from './config';
import { VsphereProvider } from './provider';
import { openVcenter } from './vcenter';

/** VMs of a vCenter's cluster, over its own vim25 API. */
export const vsphereProvider: ProviderFactory<typeof configSchema> = {
  kind: 'vsphere',
  configSchema,
  create: (config, { logger, backendName, requests }) =>
    new VsphereProvider(openVcenter(config, logger.child({ backend: backendName }), requests)),
};

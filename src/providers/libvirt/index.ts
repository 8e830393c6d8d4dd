import type { ProviderFactory } from '../contract';
import { configSchema } from './config';
import { openHost } from './host';
import { LibvirtProvider } from './provider';

/** QEMU guests on one host, over libvirt's own RPC. */
export const libvirtProvider: ProviderFactory<typeof configSchema> = {
  kind: 'libvirt',
  configSchema,
  create: (config, { logger, backendName, requests }) =>
    new LibvirtProvider(openHost(config, logger.child({ backend: backendName }), requests)),
};

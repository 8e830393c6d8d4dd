import type { z } from 'zod';
import { guardProvider } from './contract';
import type { GuardOptions, HypervisorProvider, ProviderEnvironment, ProviderFactory } from './contract';
import { libvirtProvider } from './libvirt';
import { memoryProvider } from './memory';
import { openstackProvider } from './openstack';
import { vsphereProvider } from './vsphere';

/** Every plugin there is. A new one is its folder and one line here. */
const PROVIDERS = {
  libvirt: libvirtProvider,
  memory: memoryProvider,
  openstack: openstackProvider,
  vsphere: vsphereProvider,
} as const;

export type ProviderKind = keyof typeof PROVIDERS;

export const PROVIDER_KINDS = Object.keys(PROVIDERS) as readonly ProviderKind[];

/** What the configuration loader validates a backend's own keys with (those besides `name`, `kind` and `location`). */
export function backendConfigSchemas(): Readonly<Record<ProviderKind, z.ZodType>> {
  const schemas = PROVIDER_KINDS.map((kind) => [kind, PROVIDERS[kind].configSchema]);
  return Object.fromEntries(schemas) as Record<ProviderKind, z.ZodType>;
}

/**
 * Makes a guarded provider; does not connect.
 * @param config the backend's own keys, as written or as its schema gave them back
 * @throws a ZodError for keys that the provider's schema refuses
 */
export function createProvider(
  kind: ProviderKind,
  config: unknown,
  environment: ProviderEnvironment,
  guard: GuardOptions = {},
): HypervisorProvider {
  // Schema and factory belong together, which a map of different plugins cannot tell the compiler.
  const factory = PROVIDERS[kind] as ProviderFactory;
  const provider = factory.create(factory.configSchema.parse(config), environment);
  return guardProvider(provider, { logger: environment.logger, requests: environment.requests, ...guard });
}

import type { ModelOptions } from '../options';

const GIB = 1024 ** 3;
export const PLAIN_DISK_GIB = 16;
export const PLAIN_MEMORY_MIB = 1024;

/** Hosts and datastores that the machines of the start fill to a half at most, unless the options say otherwise. */
export function sizesOf(options: ModelOptions) {
  const hosts = options.datacenters * options.clusters * options.hosts;
  const stores = options.datacenters * options.datastores;
  const templatesGib = options.templates.reduce((sum, one) => sum + one.diskGib, 0) * options.datacenters;
  const diskGib = options.vms * PLAIN_DISK_GIB + templatesGib;
  const memoryMib = options.vms * PLAIN_MEMORY_MIB;
  return {
    hostMemoryMib: options.hostMemoryMib ?? Math.max(262_144, powerOfTwo((2 * memoryMib) / hosts)),
    datastoreBytes: (options.datastoreGib ?? Math.max(4096, powerOfTwo((2 * diskGib) / stores))) * GIB,
  };
}

function powerOfTwo(atLeast: number): number {
  return atLeast <= 1 ? 1 : 2 ** Math.ceil(Math.log2(atLeast));
}

import type { BackendProbe, CallContext } from '../contract';
import type { Cloud } from './cloud';

/** Of the project: what its quota allows. What the cloud has beyond that, only its administrators are told. */
export async function probe({ client }: Cloud, { signal }: CallContext): Promise<BackendProbe> {
  const call = { signal };
  const [version, limits] = await Promise.all([client.compute.version(call), client.compute.limits(call)]);
  const memoryMib = limited(limits.maxTotalRAMSize);
  return {
    version: `OpenStack Nova ${version}`,
    capacity: {
      cpuCount: limited(limits.maxTotalCores),
      memoryMib,
      freeMemoryMib: memoryMib === null ? null : Math.max(0, memoryMib - limits.totalRAMUsed),
      // Disks of servers are on their hosts, and count for no quota.
      storageGib: null,
      freeStorageGib: null,
    },
  };
}

/** -1 stands for no limit. */
function limited(quota: number): number | null {
  return quota < 0 ? null : quota;
}

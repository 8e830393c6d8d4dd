import type { BackendProbe, CallContext } from '../contract';
import { GIB } from './map-devices';
import { findPlace } from './placement';
import type { Place } from './placement';
import type { Vcenter } from './vcenter';

const MIB = 1024 ** 2;

/** Of the cluster and of the datastores that it reaches. */
export async function probe(vcenter: Vcenter, context: CallContext): Promise<BackendProbe> {
  const { about } = await vcenter.client.content({ signal: context.signal });
  const place = await findPlace(vcenter, context);
  return {
    version: about.fullName,
    capacity: { ...(await compute(vcenter, place, context)), ...(await storage(vcenter, place, context)) },
  };
}

async function compute({ client }: Vcenter, { cluster, hosts }: Place, { signal }: CallContext) {
  const read = await client.read(cluster, ['summary'], { signal });
  const quickStats = await client.readMany(hosts, ['summary.quickStats'], { signal });
  const summary = read?.summary;
  if (!summary) return { cpuCount: null, memoryMib: null, freeMemoryMib: null };
  const usedMib = [...quickStats.values()].reduce(
    (sum, host) => sum + (host['summary.quickStats']?.overallMemoryUsage ?? 0),
    0,
  );
  const memoryMib = Math.floor(summary.totalMemory / MIB);
  return { cpuCount: summary.numCpuThreads, memoryMib, freeMemoryMib: Math.max(0, memoryMib - usedMib) };
}

async function storage({ client, config }: Vcenter, { datastores }: Place, { signal }: CallContext) {
  const read = await client.readMany(datastores, ['name', 'summary'], { signal });
  const usable = [...read.values()].filter(
    ({ name, summary }) =>
      summary?.accessible === true && (config.datastore === undefined || config.datastore === name),
  );
  const total = (pick: 'capacity' | 'freeSpace'): number =>
    Math.floor(usable.reduce((sum, { summary }) => sum + (summary?.[pick] ?? 0), 0) / GIB);
  return { storageGib: total('capacity'), freeStorageGib: total('freeSpace') };
}

import type { Cloud } from '../../model/cloud';
import type { Flavor } from '../../model/records';
import type { Server } from '../../model/server-record';

interface Usage {
  instances: number;
  cores: number;
  memoryMib: number;
}

/** What the servers of a project take, those that failed included: they count until they are deleted. */
export function usageOf(
  { world }: Cloud,
  projectId: string,
  counts: (server: Server) => boolean = () => true,
): Usage {
  const usage: Usage = { instances: 0, cores: 0, memoryMib: 0 };
  for (const server of world.servers.values()) {
    if (server.projectId !== projectId || server.vmState === 'deleted' || !counts(server)) continue;
    usage.instances += 1;
    usage.cores += server.flavor.vcpus;
    usage.memoryMib += server.flavor.memoryMib;
  }
  return usage;
}

/** Null: it fits. Otherwise Nova's words for what does not. */
export function quotaExcess({ options }: Cloud, used: Usage, asked: Usage): string | null {
  const { quota } = options;
  const rows = [
    ['cores', used.cores, asked.cores, quota.cores],
    ['instances', used.instances, asked.instances, quota.instances],
    ['ram', used.memoryMib, asked.memoryMib, quota.memoryMib],
  ] as const;
  const over = rows.filter(([, taken, more, most]) => more > 0 && taken + more > most);
  if (over.length === 0) return null;
  const column = (index: 0 | 1 | 2 | 3) => over.map((row) => row[index]).join(', ');
  const names = column(0);
  return `Quota exceeded for ${names}: Requested ${column(2)}, but already used ${column(1)} of ${column(3)} ${names}`;
}

/** The host that has most memory left, or null when the flavor fits on none. */
export function pickHost(cloud: Cloud, flavor: Flavor, server: Server): string | null {
  const { options } = cloud;
  const free = new Map<string, { vcpus: number; memoryMib: number }>();
  for (let number = 1; number <= options.hosts; number += 1) {
    free.set(`compute-${number}`, { vcpus: options.hostVcpus, memoryMib: options.hostMemoryMib });
  }
  for (const other of cloud.world.servers.values()) {
    const host = free.get(other.host ?? '');
    if (!host || other.vmState === 'deleted' || other.id === server.id) continue;
    host.vcpus -= other.flavor.vcpus;
    host.memoryMib -= other.flavor.memoryMib;
  }
  const fitting = [...free].filter(
    ([, { vcpus, memoryMib }]) => vcpus >= flavor.vcpus && memoryMib >= flavor.memoryMib,
  );
  fitting.sort(([, one], [, other]) => other.memoryMib - one.memoryMib);
  return fitting[0]?.[0] ?? null;
}

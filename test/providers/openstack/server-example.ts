import { server } from '../../../src/providers/openstack/client/compute/results';
import type { Server } from '../../../src/providers/openstack/client';

/** A server that runs, as Nova tells of it, with some of it changed. */
export function serverExample(changes: Partial<Record<keyof Server, unknown>> = {}): Server {
  return server.parse({
    id: '0b6f3a52-7c2e-4b6e-9a77-1c8f0e1d2a3b',
    name: 'web 1',
    status: 'ACTIVE',
    metadata: {},
    tags: [],
    flavor: { vcpus: 1, ram: 512, disk: 1, ephemeral: 0, swap: 0, original_name: 'm1.tiny' },
    image: { id: '6d1f5a0e-2f0c-4f0b-9d53-1f5c7a6be2a4' },
    addresses: {},
    created: '2026-01-05T10:00:00Z',
    updated: '2026-01-05T10:00:10Z',
    'OS-EXT-STS:vm_state': 'active',
    'OS-EXT-STS:task_state': null,
    'OS-EXT-STS:power_state': 1,
    'OS-SRV-USG:launched_at': '2026-01-05T10:00:10.000000',
    ...changes,
  });
}

/** In the words of Nova's extended status. */
export function serverIn(
  vmState: string,
  task: string | null = null,
  changes: Partial<Record<keyof Server, unknown>> = {},
): Server {
  return serverExample({ 'OS-EXT-STS:vm_state': vmState, 'OS-EXT-STS:task_state': task, ...changes });
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMemoryBackend } from '../../../src/providers/memory';
import { listingLagOf, WORK_MS } from './faulty-backend';
import type { BackendTrouble, FaultyBackend } from './faulty-backend';

/** In the gateway's own process, over a file that outlives it: for one gateway only. */
export async function memory(trouble: BackendTrouble): Promise<FaultyBackend> {
  const { loseReply, seed } = trouble;
  const directory = mkdtempSync(join(tmpdir(), 'hypergate-chaos-'));
  const shape = {
    stateFile: join(directory, 'memory.json'),
    asynchronous: true,
    operationMs: WORK_MS,
    listingLagMs: listingLagOf(trouble),
    faults: { loseReply, seed },
    images: [{ name: 'tiny', minDiskGib: 1 }],
  };
  return {
    name: 'memory',
    entry: { name: 'memory', kind: 'memory', location: 'INTERNAL', ...shape },
    imageRef: 'tiny',
    inventory: async () => {
      const backend = createMemoryBackend(shape);
      try {
        return [...backend.vms(), ...backend.leftovers()].map(({ externalId, marker }) => ({
          backend: 'memory',
          externalId,
          objectId: marker?.objectId ?? null,
        }));
      } finally {
        backend.close();
      }
    },
    // It does not count them.
    lostReplies: () => 0,
    close: async () => rmSync(directory, { recursive: true, force: true }),
  };
}

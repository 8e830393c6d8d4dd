import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMemoryBackend } from '../../../src/providers/memory';
import type { MemoryConfigInput } from '../../../src/providers/memory';
import { listingLagOf, WORK_MS } from './faulty-backend';
import type { BackendTrouble, FaultyBackend, Hardship } from './faulty-backend';

/** So that heartbeats come by in all that it does. */
const LATENCY_MS = 20;
const SLOW_MS = 4_000;

const SUFFERING: Readonly<Record<Hardship, object>> = {
  AWAY: { faults: { refuse: 1 } },
  FAILING: { faults: { failLate: 1 } },
  LOSING: { faults: { loseOperation: 1 } },
  STAGED: { stagedCreation: true },
  SLOW: { latencyMs: SLOW_MS },
};

/** In the gateway's own process, over a file that outlives it: for one gateway only. */
export async function memory(trouble: BackendTrouble): Promise<FaultyBackend> {
  const { loseReply, seed } = trouble;
  const directory = mkdtempSync(join(tmpdir(), 'hypergate-chaos-'));
  const shape: MemoryConfigInput = {
    stateFile: join(directory, 'memory.json'),
    asynchronous: true,
    latencyMs: LATENCY_MS,
    capabilities: { resizeCpu: 'WHEN_STOPPED', resizeMemory: 'WHEN_STOPPED' },
    operationMs: WORK_MS,
    listingLagMs: listingLagOf(trouble),
    faults: { loseReply, seed },
    images: [{ name: 'tiny', minDiskGib: 1 }],
  };
  const entry = { name: 'memory', kind: 'memory', location: 'INTERNAL', ...shape };
  return {
    name: 'memory',
    entry,
    hardships: Object.keys(SUFFERING) as Hardship[],
    suffer: (hardship) => ({ ...entry, ...(hardship && SUFFERING[hardship]) }),
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

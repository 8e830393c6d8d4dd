import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Protection } from '../../../src/kernel';
import { createMemoryBackend } from '../../../src/providers/memory';
import type { FaultyBackend } from '../backends';
import { startDatabase } from '../chaos-database';
import { startCloud } from './cloud';
import { Rehearsal } from './rehearsal';

jest.setTimeout(180_000);

/** Nothing becomes visible while a test runs. */
const NEVER_MS = 3_600_000;
const TWICE = 'no VM is made twice';

/** What happened to one creation, with a gateway that goes without some protections: the names of what does not hold. */
async function rehearse(
  backend: FaultyBackend,
  disable: readonly Protection[],
  play: (rehearsal: Rehearsal) => Promise<void>,
): Promise<string[]> {
  const rehearsal = await Rehearsal.open({
    ...{ backend, disable, gateways: 1 },
    database: await startDatabase('sqlite'),
  });
  try {
    await play(rehearsal);
    return await rehearsal.broken();
  } finally {
    await rehearsal.close();
  }
}

/** The gateway dies at this point of a creation; the next one brings it to its end. */
function diesAt(point: string) {
  return async (rehearsal: Rehearsal): Promise<void> => {
    await rehearsal.begin(point);
    const asked = rehearsal.createVm();
    await expect(rehearsal.gateway(0).dies(new AbortController().signal)).resolves.toBe(true);
    await rehearsal.gateway(0).start();
    await asked;
    await rehearsal.settled();
  };
}

/** Whoever made a VM died before that was written down. */
const MADE = diesAt('CREATE_VM/create-vm/create:after');

describe('a gateway of its own, whose creation dies with it', () => {
  test('looks for what it may have made, and makes a second VM without that', async () => {
    expect(await rehearse(await startCloud(), [], MADE)).toEqual([]);
    expect(await rehearse(await startCloud(), ['find'], MADE)).toContain(TWICE);
  });

  test('looks when all is sure to be listed, and makes a second VM when it does not wait', async () => {
    // The second one comes too early whenever it looks, however slow the machine.
    expect(await rehearse(keptInFile(1_000), [], MADE)).toEqual([]);
    expect(await rehearse(keptInFile(NEVER_MS), ['grace'], MADE)).toContain(TWICE);
  });

  test('goes on with what was accepted, and makes a second VM when it forgets that', async () => {
    const point = diesAt('CREATE_VM/create-vm:saved');
    // Nobody waits for the listing: it is the checkpoint alone that leads to the first one.
    expect(await rehearse(keptInFile(NEVER_MS), ['grace'], point)).toEqual([]);
    expect(await rehearse(keptInFile(NEVER_MS), ['grace', 'checkpoint'], point)).toContain(TWICE);
  });

  test('takes back what was cancelled, and leaves it behind without that', async () => {
    const cancelled = (cloud: Awaited<ReturnType<typeof startCloud>>) => async (rehearsal: Rehearsal) => {
      await rehearsal.begin('CREATE_VM/create-vm/create:after');
      const asking = rehearsal.createVm();
      await rehearsal.gateway(0).dies(new AbortController().signal);
      // The VM is there, and nobody gets on with it until it is cancelled.
      cloud.simulator.refuseConnections(true);
      await rehearsal.gateway(0).start();
      await rehearsal.cancel(await asking);
      cloud.simulator.refuseConnections(false);
      await rehearsal.settled();
    };
    const [safe, unsafe] = [await startCloud(), await startCloud()];
    expect(await rehearse(safe, [], cancelled(safe))).toEqual([]);
    expect(await rehearse(unsafe, ['undo'], cancelled(unsafe))).toContain(
      'what was not made in the end has left nothing',
    );
  });
});

/** A backend without a key for creations, which lists what it makes only after a while. */
function keptInFile(listingLagMs: number): FaultyBackend {
  const directory = mkdtempSync(join(tmpdir(), 'hypergate-chaos-'));
  const shape = {
    ...{ stateFile: join(directory, 'memory.json'), images: [{ name: 'tiny', minDiskGib: 1 }] },
    ...{ asynchronous: true, operationMs: 20, idempotencyKey: false, listingLagMs },
  };
  return {
    ...{ name: 'memory', imageRef: 'tiny', lostReplies: () => 0 },
    entry: { name: 'memory', kind: 'memory', location: 'INTERNAL', ...shape },
    inventory: async () => {
      const seen = createMemoryBackend(shape);
      const vms = seen.vms().map(({ externalId, marker }) => ({
        ...{ backend: 'memory', externalId },
        objectId: marker?.objectId ?? null,
      }));
      seen.close();
      return vms;
    },
    close: async () => rmSync(directory, { recursive: true, force: true }),
  };
}

import fc from 'fast-check';
import { LeaseLostError } from '../../src/tasks/lease-lost-error';
import { TaskLeaseStore } from '../../src/tasks/task-lease.store';
import type { Hold } from '../../src/tasks/task-lease.store';
import { SYSTEM } from './engine-stage';
import type { EngineStage } from './engine-stage';

/** What a simple account says of one task. */
export interface LeaseModel {
  ended: boolean;
  fence: number;
  /** Whether the lease of the newest hold still counts. */
  held: boolean;
  /** Whether the newest hold was never given back. */
  owned: boolean;
  crashes: number;
  cancelWished: boolean;
}

/** The real task, with every hold that was ever given out: a worker may come back late with any of them. */
export interface LeaseReal {
  readonly stage: EngineStage;
  readonly leases: TaskLeaseStore;
  readonly taskId: string;
  readonly holds: Hold[];
}

type LeaseCommand = fc.AsyncCommand<LeaseModel, LeaseReal>;

const LEASE_MS = 3_600_000;

async function expectRow({ stage, taskId }: LeaseReal, model: LeaseModel): Promise<void> {
  const row = await stage.row(taskId);
  expect({ ended: row['open'] === null, fence: row['fence'], crashes: row['crashes'] }).toEqual({
    ended: model.ended,
    fence: model.fence,
    crashes: model.crashes,
  });
  expect(row['cancelRequestedAt'] !== null).toBe(model.cancelWished);
}

/** A command that may be given at any time, and leaves the row as the model says. */
function command(name: string, run: (model: LeaseModel, real: LeaseReal) => Promise<void>): LeaseCommand {
  return {
    check: () => true,
    run: async (model, real) => {
      await run(model, real);
      await expectRow(real, model);
    },
    toString: () => name,
  };
}

/** A write with some hold: it succeeds with the newest one, as long as that was not given back, and with no other. */
async function writes(
  model: LeaseModel,
  real: LeaseReal,
  index: number,
  write: (hold: Hold) => Promise<void>,
): Promise<boolean> {
  const hold = real.holds[index % Math.max(1, real.holds.length)];
  if (!hold) return false;
  const isGood = !model.ended && model.owned && hold.fence === model.fence;
  const outcome = await write(hold).then(
    () => 'WRITTEN',
    (error: unknown) => (error instanceof LeaseLostError ? 'REFUSED' : error),
  );
  expect(outcome).toBe(isGood ? 'WRITTEN' : 'REFUSED');
  return isGood;
}

const claim = (): LeaseCommand =>
  command('claim', async (model, { stage, leases, taskId, holds }) => {
    const seen = { id: taskId, fence: model.fence };
    const row = await stage.database.transaction((session) =>
      leases.claim(session, seen, 'worker', LEASE_MS),
    );
    expect(row !== null).toBe(!model.ended && !model.held);
    if (!row) return;
    if (model.owned) model.crashes += 1;
    Object.assign(model, { fence: model.fence + 1, held: true, owned: true });
    holds.push({ taskId, fence: row.fence });
  });

/** A claim by somebody who looked before the last one: it must miss. */
const lateClaim = (): LeaseCommand =>
  command('late claim', async (model, { stage, leases, taskId }) => {
    if (model.fence === 0) return;
    const seen = { id: taskId, fence: model.fence - 1 };
    const row = await stage.database.transaction((session) => leases.claim(session, seen, 'late', LEASE_MS));
    expect(row).toBeNull();
  });

const heartbeat = (index: number): LeaseCommand =>
  command(`heartbeat ${String(index)}`, async (model, real) => {
    const beat = (hold: Hold): Promise<void> => real.leases.heartbeat(hold, LEASE_MS);
    if (await writes(model, real, index, beat)) model.held = true;
  });

/** The worker dies, or is frozen, for longer than its lease: nobody tells, time passes. */
const expire = (): LeaseCommand =>
  command('expire', async (model, { stage, taskId }) => {
    await stage.database.transaction((session) =>
      session.query(`UPDATE task SET lease_until = 1 WHERE id = '${taskId}' AND lease_until IS NOT NULL`),
    );
    model.held = false;
  });

const release = (index: number): LeaseCommand =>
  command(`release ${String(index)}`, async (model, real) => {
    const giveBack = (hold: Hold): Promise<void> => real.leases.release(hold);
    if (await writes(model, real, index, giveBack)) Object.assign(model, { held: false, owned: false });
  });

/** A reply comes, in time or late, and its worker writes down what came of it. */
const reply = (index: number): LeaseCommand =>
  command(`reply ${String(index)}`, async (model, real) => {
    const progress = (hold: Hold): Promise<void> =>
      real.stage.database.transaction((session) =>
        real.leases.update(session, hold, { progress: hold.fence, crashes: 0 }),
      );
    if (await writes(model, real, index, progress)) model.crashes = 0;
  });

const end = (index: number): LeaseCommand =>
  command(`end ${String(index)}`, async (model, real) => {
    const finish = (hold: Hold): Promise<void> =>
      real.stage.database.transaction((session) =>
        real.leases.update(session, hold, {
          status: 'SUCCEEDED',
          open: null,
          leaseOwner: null,
          leaseUntil: null,
        }),
      );
    if (await writes(model, real, index, finish))
      Object.assign(model, { ended: true, held: false, owned: false });
  });

const cancel = (): LeaseCommand =>
  command('cancel', async (model, { stage, taskId }) => {
    const cancelled = await stage.service.cancel(SYSTEM, taskId).then(
      ({ status }) => status,
      () => 'REFUSED',
    );
    expect(cancelled).toBe(model.ended ? 'REFUSED' : model.fence === 0 ? 'CANCELLED' : 'RUNNING');
    if (model.ended) return;
    model.cancelWished = true;
    // Nobody had taken it up: it ends at once, and the fence grows so that a claim on its way misses.
    if (model.fence === 0) Object.assign(model, { ended: true, fence: 1 });
  });

/** What may befall a task, in any order. */
export function leaseCommands(most: number): fc.Arbitrary<Iterable<LeaseCommand>> {
  const which = fc.nat({ max: 5 });
  return fc.commands(
    [
      ...[claim, claim, lateClaim, expire, cancel].map((make) => fc.constant(make())),
      ...[heartbeat, release, reply, end].map((make) => which.map(make)),
    ],
    { maxCommands: most },
  );
}

export async function playLeases(stage: EngineStage, commands: Iterable<LeaseCommand>): Promise<void> {
  const { id } = await stage.enqueue();
  const model: LeaseModel = {
    ...{ ended: false, fence: 0, held: false, owned: false, crashes: 0, cancelWished: false },
  };
  const real: LeaseReal = { stage, leases: new TaskLeaseStore(stage.database), taskId: id, holds: [] };
  await fc.asyncModelRun(() => ({ model, real }), commands);
}

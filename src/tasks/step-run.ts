import { setTimeout as sleep } from 'node:timers/promises';
import { translateConnectionError } from '../database';
import type { Session } from '../database';
import { AppError, heldBackMs } from '../kernel';
import type { Logger } from '../kernel';
import { passCall } from './crash-points';
import { Interruption } from './interruption';
import type { Lease } from './lease';
import { LeaseLostError } from './lease-lost-error';
import { Postponement } from './postponement';
import { ProgressWriter } from './progress-writer';
import type { Task } from './task';
import type { TaskStepRow } from './task-step.table';
import type { StepContext, StepResult } from './workflow';

export interface StepRunOptions {
  readonly task: Task;
  readonly input: unknown;
  readonly steps: readonly TaskStepRow[];
  readonly position: number;
  readonly lease: Lease;
  /** Aborted with an `Interruption` when the run has to end. */
  readonly interruption: AbortSignal;
  /** Time left for the task; null without a deadline. */
  readonly remainingMs: number | null;
  readonly logger: Logger;
  /** Whether the task is to turn back as soon as it can. */
  readonly isCancelWished: () => Promise<boolean>;
  /** Told when the step has asked for a change outside the database. */
  readonly onAct: () => void;
  readonly saveCheckpoint: (value: unknown) => Promise<void>;
  readonly write: (work: (session: Session) => Promise<void>) => Promise<void>;
  readonly writeProgress: (percent: number, message: string) => Promise<void>;
}

function stepContext(
  options: StepRunOptions,
  row: TaskStepRow,
  signal: AbortSignal,
  progress: ProgressWriter,
): StepContext<unknown> {
  const { task, lease, steps } = options;
  const pass = (call: string, point: 'due' | 'before' | 'after'): void => {
    passCall(task.operation, row.name, call, point);
  };
  return {
    task,
    input: options.input,
    attempt: row.attempts,
    signal,
    logger: options.logger,
    // The caller knows what its own earlier step wrote; it was stored as JSON.
    output: <T>(name: string) => steps.find((step) => step.name === name)?.output as T | undefined,
    checkpoint: <T>() => (row.checkpoint ?? null) as T | null,
    saveCheckpoint: options.saveCheckpoint,
    report: (percent, message) => {
      progress.report({ percent, message });
    },
    ask: async (name, call) => {
      pass(name, 'before');
      const answer = await call();
      pass(name, 'after');
      return answer;
    },
    write: async (name, work) => {
      pass(name, 'before');
      await options.write(work);
      pass(name, 'after');
    },
    rest: (ms) => rest(ms, signal, options.isCancelWished),
    sideEffect: async (name, call) => {
      signal.throwIfAborted();
      pass(name, 'due');
      lease.assertHeld();
      pass(name, 'before');
      const result = await call().catch((error: unknown) => {
        if (heldBackMs(error) === null) options.onAct();
        throw error;
      });
      options.onAct();
      pass(name, 'after');
      return result;
    },
  };
}

/** How often somebody who rests looks whether to go on resting. */
const LOOK_MS = 500;

async function rest(ms: number, signal: AbortSignal, isOver: () => Promise<boolean>): Promise<void> {
  for (let left = ms; left > 0; left -= LOOK_MS) {
    if (await isOver()) throw new Postponement('Turning back.', 0);
    await sleep(Math.min(left, LOOK_MS), undefined, { signal });
  }
}

/** Whether a step was ended because the task's time was up. */
export function isDeadline(thrown: unknown): boolean {
  return thrown instanceof Interruption && thrown.reason === 'DEADLINE';
}

/** Calls one `do` or `undo` with everything that it is promised, and ends it in time. */
export async function runStep(
  options: StepRunOptions,
  body: (context: StepContext<unknown>) => Promise<StepResult | undefined>,
): Promise<StepResult | undefined> {
  const row = options.steps[options.position];
  if (!row) throw new AppError('INTERNAL', 'The task has no such step.');
  const deadline = new AbortController();
  const timer =
    options.remainingMs === null
      ? null
      : setTimeout(
          () => {
            deadline.abort(new Interruption('DEADLINE'));
          },
          Math.max(0, options.remainingMs),
        );
  const signal = AbortSignal.any([options.interruption, deadline.signal]);
  const progress = new ProgressWriter((report) => options.writeProgress(report.percent, report.message));
  try {
    return await body(stepContext(options, row, signal, progress));
  } catch (error) {
    // Whatever the step made of it, its time was up; and a database that is away for a moment is no failure of the step.
    if (deadline.signal.aborted && !(error instanceof LeaseLostError))
      throw new Interruption('DEADLINE', error);
    throw translateConnectionError(error);
  } finally {
    if (timer) clearTimeout(timer);
    await progress.close();
  }
}

import { crashPoint } from '../kernel';
import type { Workflow, WorkflowStep } from './workflow';

/** Around each write that concerns a task as a whole: before it, and after its commit. */
const OF_TASK = [
  ...['queueing', 'queued', 'cancelling', 'cancelled', 'claiming', 'claimed', 'starting', 'started'],
  ...['beating', 'beaten', 'releasing', 'released', 'handing-back', 'handed-back'],
  ...['turning-back', 'turned-back', 'ending', 'ended'],
] as const;

/** Around each write that concerns a step; `begun` to `done` is the step itself. */
const OF_STEP = [
  ...['beginning', 'begun', 'done', 'committed', 'saving', 'saved', 'reporting', 'reported'],
  ...['parking', 'parked', 'postponing', 'postponed'],
] as const;

const OF_UNDO = ['undo-beginning', 'undo-begun', 'undo-done', 'undone'] as const;

/** Around a call to the outside, and around a write of the workflow's own. */
const OF_CALL = ['before', 'after'] as const;
/** A call that changes something is due before the worker has looked at its lease, and its `before` comes after that. */
const OF_ACT = ['due', ...OF_CALL] as const;

/** How work that a backend had accepted may end, other than well. */
const ENDS_OF_WORK = ['FAILED', 'LOST', 'CONTINUE'] as const;
/** Before and after it is forgotten. */
const OF_WORK = ['heard', 'left'] as const;

export function passTask(operation: string, point: (typeof OF_TASK)[number]): void {
  crashPoint(`${operation}:${point}`);
}

export function passStep(
  operation: string,
  step: string,
  point: (typeof OF_STEP)[number] | (typeof OF_UNDO)[number],
): void {
  crashPoint(`${operation}/${step}:${point}`);
}

export function passCall(
  operation: string,
  step: string,
  call: string,
  point: (typeof OF_ACT)[number],
): void {
  crashPoint(`${operation}/${step}/${call}:${point}`);
}

export function passWork(
  operation: string,
  act: string,
  end: (typeof ENDS_OF_WORK)[number],
  point: (typeof OF_WORK)[number],
): void {
  crashPoint(`${operation}/${act}:${end}:${point}`);
}

/** The name by which the work that an act began is polled. */
export function pollOf(act: string): string {
  return `${act}-poll`;
}

type Points = Pick<Workflow<never>, 'operation'> & {
  readonly steps: readonly Pick<WorkflowStep<never>, 'name' | 'acts' | 'asks' | 'writes' | 'undo'>[];
};

/**
 * Every point of one workflow at which a fault test can kill the process, in the order of its steps. It follows from what
 * the steps declare; a test fails when one is passed that is not among them.
 */
export function crashPointsOf({ operation, steps }: Points): string[] {
  const ofSteps = steps.flatMap(({ name, acts = [], asks = [], writes = [], undo }) => [
    ...[...OF_STEP, ...(undo ? OF_UNDO : [])].map((point) => `${operation}/${name}:${point}`),
    ...[...asks, ...writes, ...acts.map(pollOf)].flatMap((call) =>
      OF_CALL.map((point) => `${operation}/${name}/${call}:${point}`),
    ),
    ...acts.flatMap((act) => OF_ACT.map((point) => `${operation}/${name}/${act}:${point}`)),
    ...acts.flatMap((act) =>
      ENDS_OF_WORK.flatMap((end) => OF_WORK.map((point) => `${operation}/${act}:${end}:${point}`)),
    ),
  ]);
  return [...new Set([...OF_TASK.map((point) => `${operation}:${point}`), ...ofSteps])];
}

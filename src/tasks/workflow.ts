import type { Session } from '../database';
import type { Logger } from '../kernel';
import type { Task, TaskOperation, TaskStatus } from './task';

/** What a step is given to work with. */
export interface StepContext<Input> {
  readonly task: Task;
  readonly input: Input;
  /** 1 on the first try of this step in this phase, also after a crash in the middle of it 2, and so on. */
  readonly attempt: number;
  /** Aborted when the lease is lost, the deadline has passed or the process is going down. */
  readonly signal: AbortSignal;
  readonly logger: Logger;
  /** What an earlier step handed on; undefined where it did not run. */
  output<T>(step: string): T | undefined;
  /** What this step saved by `saveCheckpoint`, in this attempt or one before; null at first. */
  checkpoint<T>(): T | null;
  /** Remembers something within the step durably, such as the handle of work that a backend accepted. */
  saveCheckpoint(value: unknown): Promise<void>;
  /** Progress inside the step, 0 to 100; written at most a few times a second. */
  report(percent: number, message: string): void;
  /**
   * Runs a call that changes something outside the database, right after checking that this worker still holds the
   * task. Name it uniquely within the step: fault tests kill the process before and after it by that name.
   */
  sideEffect<T>(name: string, call: () => Promise<T>): Promise<T>;
  /** Runs a call to the outside that changes nothing. Named likewise. */
  ask<T>(name: string, call: () => Promise<T>): Promise<T>;
  /** Writes within the step, in a transaction that checks that this worker still holds the task. Named likewise. */
  write(name: string, work: (session: Session) => Promise<void>): Promise<void>;
  /**
   * Waits where nothing is under way outside. A wish to cancel ends it with a `Postponement`, so that the task turns back
   * at once. Throws the signal's reason when that is aborted.
   */
  rest(ms: number): Promise<void>;
}

/** What a step leaves behind. */
export interface StepResult {
  /** Handed on to later steps; JSON, at most 64 KB. Never a secret: it is stored. */
  readonly output?: unknown;
  /** Shown to the tenant beside the step. */
  readonly message?: string;
  /** Writes that commit together with the end of the step. */
  readonly commit?: (session: Session) => Promise<void>;
}

/**
 * One step: `do` beside its `undo`. Both may run more than once, after a crash at any point of an earlier run, and
 * have to come to the same result.
 */
export interface WorkflowStep<Input> {
  readonly name: string;
  /** The share of the task's progress, relative to the other steps; 1 when absent. */
  readonly weight?: number;
  /**
   * Tries before a retryable error counts as final; 5 when absent. UNAVAILABLE never does: it is tried again until the
   * task's deadline.
   */
  readonly maxAttempts?: number;
  do(context: StepContext<Input>): Promise<StepResult | undefined>;
  /** Takes back what `do` did or began. Absent where there is nothing to take back. */
  undo?(context: StepContext<Input>): Promise<StepResult | undefined>;
  /** What `undo` does, in a sentence for whoever thinks about cancelling. Present where there is an undo. */
  readonly undoes?: string;
  /** The names by which `do` and `undo` call `sideEffect`: fault tests go by them. */
  readonly acts?: readonly string[];
  /** The names by which they call `ask`. */
  readonly asks?: readonly string[];
  /** The names by which they call `write`. */
  readonly writes?: readonly string[];
}

/** How a task ended, for the workflow's last word. */
export interface TaskEnd<Input> {
  readonly task: Task;
  readonly input: Input;
  readonly status: Extract<TaskStatus, 'SUCCEEDED' | 'FAILED' | 'CANCELLED'>;
  /** False when a failed or cancelled task could not take back everything. */
  readonly undone: boolean;
}

/** A task that failed and was taken back, for the workflow to say how it may be repeated. */
export interface FailedTask<Input> {
  readonly task: Task;
  readonly input: Input;
}

/** A task that repeats a failed one. */
export interface Retry<Input> {
  readonly input: Input;
  /** Writes that commit together with the new task, such as the object's state while it is under way. */
  readonly queued?: (session: Session, task: Task) => Promise<void>;
}

/** All that happens for one operation, in one file. */
export interface Workflow<Input> {
  readonly operation: TaskOperation;
  /** Whether it can be cancelled between its steps once it runs. */
  readonly cancellableWhileRunning: boolean;
  /** How long it may take from its start to its end, in milliseconds; undoing has the same time again. */
  readonly deadlineMs: number;
  readonly steps: readonly WorkflowStep<Input>[];
  /** Writes that commit together with the end of the task, whatever the end. */
  settle(session: Session, end: TaskEnd<Input>): Promise<void>;
  /**
   * Locks the object of a failed task and says how the task is repeated. Absent where it never is.
   * @throws FAILED_PRECONDITION with a reason (see `retryRefused`) when the object is gone or its state does not fit
   */
  retry?(session: Session, failed: FailedTask<Input>): Promise<Retry<Input>>;
}

/** The workflows by operation, filled once by the composition root. */
export class WorkflowRegistry {
  private readonly workflows = new Map<TaskOperation, Workflow<unknown>>();

  register<Input>(workflow: Workflow<Input>): void {
    if (this.workflows.has(workflow.operation)) {
      throw new Error(`Two workflows claim ${workflow.operation}.`);
    }
    // The input is stored and read back as JSON; the one who enqueues and the workflow share its type.
    this.workflows.set(workflow.operation, workflow);
  }

  all(): Workflow<unknown>[] {
    return [...this.workflows.values()];
  }

  get(operation: TaskOperation): Workflow<unknown> {
    const workflow = this.workflows.get(operation);
    if (!workflow) throw new Error(`No workflow is registered for ${operation}.`);
    return workflow;
  }
}

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
}

/** How a task ended, for the workflow's last word. */
export interface TaskEnd<Input> {
  readonly task: Task;
  readonly input: Input;
  readonly status: Extract<TaskStatus, 'SUCCEEDED' | 'FAILED' | 'CANCELLED'>;
  /** False when a failed or cancelled task could not take back everything. */
  readonly undone: boolean;
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

  get(operation: TaskOperation): Workflow<unknown> {
    const workflow = this.workflows.get(operation);
    if (!workflow) throw new Error(`No workflow is registered for ${operation}.`);
    return workflow;
  }
}

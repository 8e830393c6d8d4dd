import { AppError, isProtected, toAppError } from '../kernel';
import type { Logger } from '../kernel';
import { retryDelayMs } from './backoff';
import { Interruption } from './interruption';
import type { Lease } from './lease';
import { LeaseLostError } from './lease-lost-error';
import { postponementOf } from './postponement';
import { isDeadline, runStep } from './step-run';
import type { TaskJournal } from './task-journal';
import type { TaskOperation, TaskPhase } from './task';
import { toTask } from './task-snapshot';
import type { StepContext, StepResult, Workflow, WorkflowStep } from './workflow';

const DEFAULT_MAX_ATTEMPTS = 5;
/** Taking back what was begun is tried longer: giving up leaves something behind. */
const UNDO_MAX_ATTEMPTS = 10;

export interface TaskRunOptions {
  readonly journal: TaskJournal;
  readonly workflow: Workflow<unknown>;
  readonly lease: Lease;
  readonly logger: Logger;
  /** More deaths of workers in a row than this, and the task is taken back. */
  readonly maxCrashes: number;
  /** Told of each task that is stopped for that. */
  readonly onPoisoned?: ((operation: TaskOperation, phase: TaskPhase) => void) | undefined;
  /** A task that could not begin for this long is given up. */
  readonly queueMs: number;
  /** Aborted with an `Interruption`. */
  readonly interruption: AbortSignal;
  /** True once the process is going down: the run hands its task back at the next step. */
  readonly isStopping: () => boolean;
}

/** How the run left its task: ended, waiting for another try, or handed back. */
export type RunResult = 'ENDED' | 'PARKED' | 'HANDED_BACK';

type Step = WorkflowStep<unknown>;
type StepBody = (context: StepContext<unknown>) => Promise<StepResult | undefined>;

/** One worker's turn with one claimed task: from its first unfinished step to its end or to the next pause. */
export class TaskRun {
  /** Whether the step under way has asked for a change outside the database. */
  private hasActed = false;

  constructor(private readonly options: TaskRunOptions) {}

  private get journal(): TaskJournal {
    return this.options.journal;
  }

  /** @throws LeaseLostError */
  async execute(): Promise<RunResult> {
    const { journal } = this;
    const begun = await this.start();
    const poisoned = this.isPoisoned;
    if (journal.row.phase === 'DO') {
      if (poisoned) await this.turnBack(this.poison(), null);
      else {
        const paused = await this.walkForward(begun);
        if (paused) return paused;
      }
    } else if (poisoned) {
      await journal.explain(this.poison());
      return this.end('FAILED', false);
    }
    // Read anew: walking forward may have turned round.
    const phase = journal.row.phase;
    return phase === 'UNDO' ? this.walkBack() : this.end('SUCCEEDED', true);
  }

  private get isPoisoned(): boolean {
    return this.journal.row.crashes > this.options.maxCrashes;
  }

  /** Where this is the task's first turn. @returns the step that was begun with that */
  private async start(): Promise<number | null> {
    const { journal, queueMs } = this.options;
    const { createdAt, startedAt, deadlineAt } = journal.row;
    if (deadlineAt !== null) return null;
    const late = (startedAt ?? 0) - createdAt >= queueMs;
    const first = late || this.isPoisoned ? null : this.following(0);
    const isBegun = await journal.started(first);
    if (late) {
      await this.turnBack(new AppError('DEADLINE_EXCEEDED', 'The task waited too long for its turn.'), null);
    }
    return isBegun ? first : null;
  }

  /** The first step from there on that has not succeeded; null when there is none, or none may be begun by now. */
  private following(from: number): number | null {
    const { journal, workflow, isStopping } = this.options;
    if (isStopping()) return null;
    const left = workflow.steps.findIndex(
      (_step, position) => position >= from && journal.step(position).status !== 'SUCCEEDED',
    );
    return left === -1 ? null : left;
  }

  /** What is said of a task that kills its workers; the cause is the operator's. */
  private poison(): AppError {
    const { crashes, phase } = this.journal.row;
    const step = this.journal.steps.find(({ status, attempts }) => attempts > 0 && status !== 'UNDONE');
    const cause = new Error(
      `Its worker died ${String(crashes)} times in a row, in the phase ${phase}; begun last: ${step?.name ?? 'none'}.`,
    );
    this.options.logger.error({ err: cause }, 'The task is taken for what kills its workers.');
    this.options.onPoisoned?.(this.options.workflow.operation, phase);
    return new AppError('INTERNAL', 'Stopped after repeated crashes.', { cause });
  }

  /** @param begun the step that was begun already */
  private async walkForward(begun: number | null): Promise<RunResult | null> {
    const { journal, workflow } = this.options;
    let under = begun;
    for (const [position, step] of workflow.steps.entries()) {
      if (journal.step(position).status === 'SUCCEEDED') continue;
      if (under !== position) {
        const stopped = await this.checkBetweenSteps();
        if (stopped) return stopped === 'TURNED_BACK' ? null : stopped;
      }
      try {
        if (under !== position) await journal.stepBegun(position);
        const result = await this.runBody(position, (context) => step.do(context));
        const next = this.following(position + 1);
        under = (await journal.stepFinished(position, 'SUCCEEDED', result, next)) ? next : null;
      } catch (error) {
        return this.afterFailure(position, step, error);
      }
    }
    return null;
  }

  /** Looks for a reason not to begin the next step. */
  private async checkBetweenSteps(): Promise<'TURNED_BACK' | 'HANDED_BACK' | null> {
    if (this.options.isStopping()) return this.handBack();
    if (await this.isCancelWished()) {
      await this.turnBack(new AppError('CANCELLED', 'Cancelled on request.'), null);
      return 'TURNED_BACK';
    }
    if (await this.isOverdue()) {
      await this.turnBack(new AppError('DEADLINE_EXCEEDED', 'The operation took too long.'), null);
      return 'TURNED_BACK';
    }
    return null;
  }

  private async isCancelWished(): Promise<boolean> {
    const { journal } = this;
    if (journal.row.phase === 'UNDO') return false;
    await journal.refresh();
    return journal.row.cancelRequestedAt !== null && this.options.workflow.cancellableWhileRunning;
  }

  private async isOverdue(): Promise<boolean> {
    return ((await this.journal.remainingMs()) ?? 1) <= 0;
  }

  private async runBody(position: number, body: StepBody): Promise<StepResult | undefined> {
    const { journal } = this;
    this.hasActed = false;
    return runStep(
      {
        task: toTask(journal.row),
        input: journal.row.input,
        steps: journal.steps,
        position,
        lease: this.options.lease,
        interruption: this.options.interruption,
        remainingMs: journal.remainingAtEntryMs,
        logger: this.options.logger,
        isCancelWished: () => this.isCancelWished(),
        onAct: () => {
          this.hasActed = true;
        },
        saveCheckpoint: (value) => journal.checkpoint(position, value),
        write: (work) => journal.alongside(work),
        writeProgress: (percent, message) => journal.progress(position, percent, message),
      },
      body,
    );
  }

  /** Hands the task back when the process goes down; null when the step itself failed. @throws LeaseLostError */
  private async interrupted(thrown: unknown): Promise<'HANDED_BACK' | null> {
    if (thrown instanceof LeaseLostError) throw thrown;
    const reason: unknown = this.options.interruption.reason;
    if (!(reason instanceof Interruption)) return null;
    if (reason.reason === 'SHUTDOWN') return this.handBack();
    throw new LeaseLostError(this.journal.row.id);
  }

  /** Decides between another try later, giving the task back, and taking back what was begun. */
  private async afterFailure(position: number, step: Step, thrown: unknown): Promise<RunResult | null> {
    const interrupted = await this.interrupted(thrown);
    if (interrupted) return interrupted;
    if (await this.postponed(position, thrown)) return 'PARKED';
    if (isDeadline(thrown) || (await this.isOverdue())) {
      const late = new AppError('DEADLINE_EXCEEDED', 'The operation took too long.', { cause: thrown });
      await this.turnBack(late, position);
      return null;
    }
    const error = toAppError(thrown);
    const { attempts } = this.journal.step(position);
    // A backend that is away comes back: until the deadline that is worth waiting for, and nobody's failure.
    const isAway = error.code === 'UNAVAILABLE';
    if (error.retryable && (isAway || attempts < (step.maxAttempts ?? DEFAULT_MAX_ATTEMPTS))) {
      return this.park(position, error, attempts);
    }
    await this.turnBack(error, position);
    return null;
  }

  /** Puts the task down where the step only waits. That it looked in vain is no try, unless it has acted before. */
  private async postponed(position: number, thrown: unknown): Promise<boolean> {
    const postponement = postponementOf(thrown);
    if (!postponement || (await this.isOverdue())) return false;
    await this.journal.postponed(position, postponement, this.hasActed);
    return true;
  }

  private async park(position: number, error: AppError, attempts: number): Promise<'PARKED'> {
    const asked = error.details?.['retryAfterMs'];
    const delayMs = retryDelayMs(attempts, typeof asked === 'number' ? asked : 0);
    this.options.logger.warn({ err: error, delayMs }, 'A step failed; it is tried again.');
    await this.journal.parked(position, error, delayMs);
    return 'PARKED';
  }

  private async handBack(): Promise<'HANDED_BACK'> {
    await this.journal.handedBack();
    return 'HANDED_BACK';
  }

  private async turnBack(error: AppError, failedPosition: number | null): Promise<void> {
    this.options.logger.warn({ err: error }, 'The task is taken back.');
    await this.journal.turnedBack(error, failedPosition);
  }

  private async walkBack(): Promise<RunResult> {
    let undone = true;
    for (const [position, step] of [...this.options.workflow.steps.entries()].reverse()) {
      if (!this.isToUndo(position, step)) continue;
      if (this.options.isStopping()) return this.handBack();
      const outcome = await this.undoStep(position, step);
      if (outcome === 'GAVE_UP') undone = false;
      else if (outcome) return outcome;
    }
    const { error, cancelRequestedAt } = this.journal.row;
    // Cancelled is what was taken back on request; what could not be is a failure that somebody has to look at.
    const cancelled = undone && cancelRequestedAt !== null && error?.code === 'CANCELLED';
    return this.end(cancelled ? 'CANCELLED' : 'FAILED', undone);
  }

  private isToUndo(position: number, step: Step): boolean {
    const { status } = this.journal.step(position);
    return status !== 'PENDING' && status !== 'UNDONE' && step.undo !== undefined && isProtected('undo');
  }

  private async undoStep(position: number, step: Step): Promise<RunResult | 'GAVE_UP' | null> {
    await this.journal.stepBegun(position);
    try {
      const result = await this.runBody(position, async (context) => step.undo?.(context));
      await this.journal.stepFinished(position, 'UNDONE', result);
      return null;
    } catch (error) {
      const interrupted = await this.interrupted(error);
      if (interrupted) return interrupted;
      if (await this.postponed(position, error)) return 'PARKED';
      const failure = toAppError(error);
      const { attempts } = this.journal.step(position);
      // As when it was done: what is away comes back, until the deadline.
      const mayTryAgain = failure.code === 'UNAVAILABLE' || attempts < UNDO_MAX_ATTEMPTS;
      if (mayTryAgain && !(await this.isOverdue())) return this.park(position, failure, attempts);
      this.options.logger.error({ err: error, step: step.name }, 'A step could not be taken back.');
      return 'GAVE_UP';
    }
  }

  private async end(status: 'SUCCEEDED' | 'FAILED' | 'CANCELLED', undone: boolean): Promise<RunResult> {
    await this.journal.ended(status, undone);
    return 'ENDED';
  }
}

import type { RowValues } from '../database';
import { overallProgress } from './progress';
import { toStep, toTask } from './task-snapshot';
import type { TaskStepRow } from './task-step.table';
import type { TaskEventKind, TaskNews } from './task.store';
import type { TaskRow } from './task.table';
import type { Workflow } from './workflow';

/** What one transaction changes of a task: worked out in memory from its rows, so that nothing has to be read back. */
export class JournalEntry {
  readonly row: TaskRow;
  readonly steps: TaskStepRow[];
  readonly news: TaskNews[] = [];
  /** What is to be written; a function is SQL for what no event shows. */
  readonly patch: RowValues<TaskRow> = {};
  readonly stepPatches = new Map<number, RowValues<TaskStepRow>>();

  /** @param now by the database's clock */
  constructor(
    row: TaskRow,
    steps: readonly TaskStepRow[],
    readonly now: number,
  ) {
    this.row = { ...row };
    this.steps = steps.map((step) => ({ ...step }));
  }

  change(patch: RowValues<TaskRow>): void {
    Object.assign(this.patch, patch);
    const plain = Object.entries(patch).filter(([, value]) => typeof value !== 'function');
    Object.assign(this.row, Object.fromEntries(plain));
  }

  step(position: number): TaskStepRow {
    const step = this.steps[position];
    if (!step) throw new Error(`Task ${this.row.id} has no step ${String(position)}.`);
    return step;
  }

  changeStep(position: number, patch: Partial<TaskStepRow>): void {
    Object.assign(this.step(position), patch);
    this.stepPatches.set(position, { ...this.stepPatches.get(position), ...patch });
  }

  /** Tells of the changes so far. */
  tell(kind: TaskEventKind): void {
    const sequence = this.row.lastSequence + 1;
    this.change({ lastSequence: sequence });
    const snapshot = { ...toTask(this.row), steps: this.steps.map(toStep) };
    this.news.push({ kind, sequence, at: this.now, snapshot });
  }

  begin(position: number): void {
    const { attempts, startedAt } = this.step(position);
    // In the phase of undoing the step keeps what it came to: whether it had succeeded or failed.
    const status = this.row.phase === 'DO' ? ({ status: 'RUNNING' } as const) : {};
    this.changeStep(position, { attempts: attempts + 1, startedAt: startedAt ?? this.now, ...status });
    this.tell('STEP');
  }

  /** Whether nothing that is known of the task by now keeps its next step from being begun. */
  mayGoOn({ cancellableWhileRunning }: Pick<Workflow<unknown>, 'cancellableWhileRunning'>): boolean {
    const { cancelRequestedAt, deadlineAt } = this.row;
    const isWished = cancelRequestedAt !== null && cancellableWhileRunning;
    return !isWished && (deadlineAt === null || deadlineAt > this.now);
  }

  /** Never less than it was. */
  advance(steps: Workflow<unknown>['steps'], position: number, percent: number): void {
    if (this.row.phase === 'UNDO') return;
    this.change({ progress: Math.max(this.row.progress, overallProgress(steps, position, percent)) });
  }
}

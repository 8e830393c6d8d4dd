import type { ModelOptions } from '../model/options';
import type { Entity, Id, TaskRecord } from '../model/records';
import type { Timers } from '../model/timers';
import type { World } from '../model/world';
import { VimFault } from '../vim/fault';
import type { MoRef } from '../vim/values';
import type { TaskFate, TaskFates } from './task-fates';
import { TaskList } from './task-list';
import { TaskLocks } from './task-locks';

/** What a `…_Task` method does after it has answered its task. A `VimFault` thrown here is the task's error. */
export interface TaskWork {
  /** `PowerOnVM_Task` */
  readonly name: string;
  /** `VirtualMachine.powerOn` */
  readonly descriptionId: string;
  readonly entity: Entity;
  /** Times the ordinary duration; 1 where it is left out. */
  readonly weight?: number;
  readonly cancelable?: boolean;
  /** What it occupies; the entity alone where it is left out. */
  readonly exclusive?: readonly Id[];
  readonly shared?: readonly Id[];
  /** At once: checks, and reserves what others must not take meanwhile. Answers objects to name the task on. */
  readonly begin?: () => readonly Entity[];
  /** At the end: all or nothing. */
  readonly finish: () => MoRef | undefined;
  /** Takes back what `begin` did; called when the task fails, is cancelled or is lost. */
  readonly undo?: () => void;
}

export interface TaskEnvironment {
  /** Who begins the tasks. */
  readonly userName: string;
  /** Calls back once what has changed so far outlives the process; at once where nothing is to. */
  readonly whenKept: (then: () => void) => void;
  /** Told of the simulator's own mistakes. */
  readonly onError: (error: unknown) => void;
}

interface Run {
  readonly task: TaskRecord;
  readonly work: TaskWork;
  readonly fate: TaskFate;
  begun: boolean;
}

const MOST_STEPS = 10;
const SHORTEST_STEP_MS = 20;

/** Runs tasks: queued, running with growing progress, then success or error, and forgotten after a while. */
export class TaskRunner {
  private readonly locks = new TaskLocks();
  private readonly list: TaskList;

  constructor(
    private readonly world: World,
    private readonly timers: Timers,
    private readonly fates: TaskFates,
    private readonly options: ModelOptions,
    private readonly environment: TaskEnvironment,
  ) {
    this.list = new TaskList(world, environment.userName);
  }

  /** Answers the task's reference; its work goes on. */
  start(work: TaskWork): MoRef {
    const task = this.list.add(work.name, work.descriptionId, work.entity, work.cancelable ?? false);
    const run: Run = { task, work, fate: this.fates.next(work.name), begun: false };
    const refusal = this.begin(run);
    this.timers.after(0, () => {
      this.world.run(() => {
        task.state = 'running';
        task.startedMs = this.world.now();
        this.world.touch(task);
        if (refusal) this.fail(run, refusal);
      });
      if (!refusal) this.proceed(run);
    });
    return task.ref;
  }

  /** Throws InvalidState when it is over, NotSupported when it cannot be cancelled. */
  cancel(task: TaskRecord): void {
    if (task.state === 'success' || task.state === 'error')
      throw new VimFault('InvalidState', {}, 'The task is already over.');
    if (!task.cancelable) throw new VimFault('NotSupported', {}, 'The task cannot be cancelled.');
    task.cancelled = true;
    this.world.touch(task);
  }

  /** After a restart: nobody works on these any more. */
  endInterrupted(): void {
    for (const task of [...this.world.ofKind('TASK')]) {
      if (task.state === 'queued' || task.state === 'running')
        this.end(task, new VimFault('SystemError', { reason: 'vpxd restart' }, 'Interrupted by a restart.'));
      else this.forgetLater(task);
    }
  }

  private begin(run: Run): VimFault | null {
    const { work, task } = run;
    const occupation = { exclusive: work.exclusive ?? [work.entity.ref.value], shared: work.shared ?? [] };
    const obstacle = this.locks.obstacle(occupation);
    if (obstacle)
      return new VimFault('TaskInProgress', { task: obstacle.ref }, 'Another task is already in progress.');
    try {
      const named = work.begin?.() ?? [];
      run.begun = true;
      this.locks.take(task, { ...occupation, exclusive: [...occupation.exclusive, ...idsOf(named)] });
      for (const entity of named) this.list.listOn(task, entity);
      return null;
    } catch (error) {
      if (error instanceof VimFault) return error;
      throw error;
    }
  }

  private proceed(run: Run): void {
    const varied = 1 + this.options.taskJitter * (2 * this.world.random.next() - 1);
    const durationMs = this.options.taskMs * (run.work.weight ?? 1) * varied;
    const steps = Math.max(1, Math.min(MOST_STEPS, Math.floor(durationMs / SHORTEST_STEP_MS)));
    const step = (number: number): void => {
      this.timers.after(durationMs / steps, () => {
        const last = this.world.run(() => this.advance(run, number, steps));
        if (!last) step(number + 1);
      });
    };
    step(1);
  }

  /** True when the task is over. */
  private advance(run: Run, number: number, steps: number): boolean {
    const { task, fate } = run;
    if (task.cancelled) {
      this.fail(run, new VimFault('RequestCanceled', {}, 'The task was canceled by a user.'));
      return true;
    }
    if (number < steps) {
      if (fate.kind === 'LOSE' && number >= steps / 2) return this.lose(run);
      task.progress = Math.floor((100 * number) / steps);
      this.world.touch(task);
      return false;
    }
    if (fate.kind === 'LOSE') return this.lose(run);
    if (fate.kind === 'FAIL') this.fail(run, fate.fault);
    else this.complete(run);
    return true;
  }

  private complete(run: Run): void {
    const { task, work, fate } = run;
    // Before the work ends, as it may begin the next task on the same object.
    this.locks.release(task);
    try {
      task.result = work.finish() ?? null;
    } catch (error) {
      this.fail(run, error instanceof VimFault ? error : this.broken(error));
      return;
    }
    if (fate.kind === 'LOSE_AFTER_WORK') this.list.forget(task);
    // As a vCenter, which tells of nothing that it could forget.
    else this.environment.whenKept(() => this.world.run(() => this.end(task, null)));
  }

  /** A mistake of the simulator: nobody waits for a timer, and the process is not to end with it. */
  private broken(error: unknown): VimFault {
    this.environment.onError(error);
    return new VimFault(
      'SystemError',
      { reason: 'The simulator failed.' },
      'A general system error occurred.',
    );
  }

  private lose(run: Run): true {
    this.locks.release(run.task);
    run.work.undo?.();
    this.list.forget(run.task);
    return true;
  }

  private fail(run: Run, fault: VimFault): void {
    this.locks.release(run.task);
    if (run.begun) run.work.undo?.();
    this.end(run.task, fault);
  }

  private end(task: TaskRecord, fault: VimFault | null): void {
    task.state = fault ? 'error' : 'success';
    task.error = fault && { fault: fault.fault, message: fault.message };
    task.progress = 100;
    task.completedMs = this.world.now();
    this.world.touch(task);
    this.forgetLater(task);
  }

  private forgetLater(task: TaskRecord): void {
    this.timers.after(this.options.taskRetentionMs, () => this.world.run(() => this.list.forget(task)));
  }
}

function idsOf(entities: readonly Entity[]): Id[] {
  return entities.map((entity) => entity.ref.value);
}

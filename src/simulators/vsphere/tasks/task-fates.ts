import { VimFault } from '../vim/fault';
import type { ModelOptions } from '../model/options';
import type { Random } from '../model/random';

/** How a task ends. What is lost vanishes without a trace: asking for it answers ManagedObjectNotFound. */
export type TaskFate =
  | { readonly kind: 'FINISH' }
  | { readonly kind: 'FAIL'; readonly fault: VimFault }
  | { readonly kind: 'LOSE' }
  | { readonly kind: 'LOSE_AFTER_WORK' };

const FINISH: TaskFate = { kind: 'FINISH' };

/** Decides at a task's start how it will end: first what was ordered for its name, then by chance. */
export class TaskFates {
  private readonly ordered = new Map<string, TaskFate[]>();

  constructor(
    private readonly odds: ModelOptions['taskFaults'],
    private readonly random: Random,
  ) {}

  /** @param name of the method, for example `PowerOnVM_Task`; the next task of that name takes it */
  order(name: string, fate: TaskFate): void {
    this.ordered.set(name, [...(this.ordered.get(name) ?? []), fate]);
  }

  next(name: string): TaskFate {
    const ordered = this.ordered.get(name)?.shift();
    if (ordered) return ordered;
    if (this.random.happens(this.odds.fail)) return failure(this.odds.faultType);
    if (this.random.happens(this.odds.lose)) return { kind: 'LOSE' };
    if (this.random.happens(this.odds.loseAfterWork)) return { kind: 'LOSE_AFTER_WORK' };
    return FINISH;
  }
}

export function failure(faultType: string): TaskFate {
  return { kind: 'FAIL', fault: new VimFault(faultType, {}, `Simulated: ${faultType}.`) };
}

import type { World } from '../model/world';
import type { TaskRunner } from '../tasks/task-runner';
import type { Guests } from './guests';

/** What the verbs of machines work with. */
export interface MachineContext {
  readonly world: World;
  readonly tasks: TaskRunner;
  readonly guests: Guests;
}

import { rename } from '../inventory/entity-methods';
import type { Guests } from '../machines/guests';
import { failure } from '../tasks/task-fates';
import type { TaskFates } from '../tasks/task-fates';
import type { MoRef } from '../vim/values';
import { removeMachine } from './folders';
import { storedName } from './names';
import type { World } from './world';

/** What another client of the same vCenter may do, without the tasks and the checks; and what may go wrong. */
export interface ModelControl {
  powerOffBehindBack(machine: MoRef): void;
  powerOnBehindBack(machine: MoRef): void;
  destroyBehindBack(machine: MoRef): void;
  renameBehindBack(entity: MoRef, name: string): void;
  /** The next task of this method (`PowerOnVM_Task`) ends in error, its work taken back. */
  failNextTask(name: string, faultType: string): void;
  /** The next task of this method vanishes: its work dropped halfway, or after it was done. */
  loseNextTask(name: string, when: 'BEFORE_WORK_IS_DONE' | 'AFTER_WORK'): void;
}

export function modelControl(world: World, guests: Guests, fates: TaskFates): ModelControl {
  const machineOf = (ref: MoRef) => world.named('MACHINE', ref, 'machine');
  return {
    powerOffBehindBack: (ref) => world.run(() => guests.switchOff(machineOf(ref), false)),
    powerOnBehindBack: (ref) => world.run(() => guests.switchOn(machineOf(ref))),
    destroyBehindBack: (ref) =>
      world.run(() => {
        const machine = machineOf(ref);
        guests.switchOff(machine, false);
        removeMachine(world, machine, 'DELETE');
      }),
    renameBehindBack: (ref, name) =>
      world.run(() => {
        const entity = world.lookUp(ref.value);
        if (entity) rename(world, entity, storedName(name));
      }),
    failNextTask: (name, faultType) => fates.order(name, failure(faultType)),
    loseNextTask: (name, when) =>
      fates.order(name, { kind: when === 'AFTER_WORK' ? 'LOSE_AFTER_WORK' : 'LOSE' }),
  };
}

import type { World } from '../model/world';
import type { MethodTable } from '../service/method';
import type { TaskRunner } from './task-runner';

export function taskMethods(world: World, tasks: TaskRunner): MethodTable {
  return {
    type: 'Task',
    methods: {
      CancelTask: ({ self }) => {
        tasks.cancel(world.named('TASK', self, '_this'));
        return undefined;
      },
    },
  };
}

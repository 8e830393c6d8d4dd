import type { BackendDirectory } from '../backends';
import type { Config } from '../config';
import type { TaskEngineOptions } from '../tasks';

type LimitOf = NonNullable<TaskEngineOptions['limitOf']>;

/**
 * How much of a worker one backend may take: all but a quarter of its places, so that one that hangs leaves room for the
 * others. A backend that is the only one may have them all.
 */
export function shareOfWorker(concurrency: number, backends: number): number {
  return backends < 2 ? concurrency : Math.max(1, concurrency - Math.max(1, Math.floor(concurrency / 4)));
}

/** What each backend may have of the workers, by the configuration and by how it is. */
export function backendLimits(
  { tasks, backends: configured }: Pick<Config, 'tasks' | 'backends'>,
  backends: Pick<BackendDirectory, 'get' | 'circuits'>,
): LimitOf {
  const share = shareOfWorker(tasks.concurrency, configured.length);
  const most = new Map(configured.map(({ name, maxTasks }) => [name, maxTasks ?? tasks.perBackend]));
  return (backendId) => {
    const name = backends.get(backendId)?.name ?? '';
    const circuit = backends.circuits.stateOf(name);
    return {
      everywhere: most.get(name) ?? tasks.perBackend,
      // One that does not answer is tried by one task at a time.
      here: circuit === 'CLOSED' ? share : 1,
      isHeldBack: circuit === 'OPEN',
    };
  };
}

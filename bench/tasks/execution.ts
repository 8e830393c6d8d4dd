import { setTimeout as sleep } from 'node:timers/promises';
import { GatewayHome } from '../../test/peers/support/gateway-process';
import { Backlog, BACKENDS } from './backlog';
import type { Databases } from './databases';
import { processorMs } from './processor-time';

/** Workers that have started still compile and settle for a moment. */
const SETTLE_MS = 1_000;
const LOOK_MS = 200;
/** As they are by default. */
const LEASES = { leaseMs: 30_000, heartbeatMs: 10_000 };

export interface Setting {
  readonly workers: number;
  /** Tasks that one worker has under way at once. */
  readonly places: number;
  readonly tasks: number;
}

export interface Execution {
  readonly perSecond: number;
  /** Processor time of all workers together for one task, in milliseconds. */
  readonly workerMs: number;
  /** That of the database's server; 0 where the database works within the worker. */
  readonly serverMs: number;
}

/** How fast workers, each a process of its own, get through tasks that all wait for them already. */
export async function measureExecution(
  databases: Databases,
  { workers, places, tasks }: Setting,
): Promise<Execution> {
  const database = await databases.empty();
  const backlog = await Backlog.make(database, tasks);
  const homes: GatewayHome[] = [];
  try {
    for (let index = 0; index < workers; index += 1) {
      const limits = { concurrency: places, perBackend: places * workers };
      const roles = database.type === 'sqlite' ? ['api', 'worker'] : ['worker'];
      homes.push(
        await GatewayHome.make({ backends: BACKENDS, database, roles, tasks: { ...LEASES, ...limits } }),
      );
    }
    await Promise.all(homes.map((home) => home.start()));
    await sleep(SETTLE_MS);
    const used = (): number[] => homes.map(({ process }) => processorMs(process.pid));
    const serverUsed = (): number => (databases.server === null ? 0 : processorMs(databases.server));
    const before = { workers: sum(used()), server: serverUsed() };
    const begunAt = await backlog.release();
    while ((await backlog.open()) > 0) await sleep(LOOK_MS);
    const after = { workers: sum(used()), server: serverUsed() };
    return {
      perSecond: (tasks * 1_000) / ((await backlog.endedAt()) - begunAt),
      workerMs: (after.workers - before.workers) / tasks,
      serverMs: (after.server - before.server) / tasks,
    };
  } finally {
    await Promise.all(homes.map((home) => home.remove()));
    await backlog.close();
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

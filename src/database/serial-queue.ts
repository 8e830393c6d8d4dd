import { setImmediate as nextTurn } from 'node:timers/promises';

/**
 * Runs one asynchronous job after another. SQLite has one writer; without this, two transactions of one
 * process would interleave their statements on the one connection.
 */
export class SerialQueue {
  private tail: Promise<unknown> = Promise.resolve();

  run<T>(job: () => Promise<T>): Promise<T> {
    // A turn of the event loop between two jobs: the driver is synchronous, and a long queue would starve all else.
    const result = this.tail.then(() => nextTurn()).then(job);
    this.tail = result.catch(() => undefined);
    return result;
  }
}

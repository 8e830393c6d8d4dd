/**
 * Runs one asynchronous job after another. SQLite has one writer; without this, two transactions of one
 * process would interleave their statements on the one connection.
 */
export class SerialQueue {
  private tail: Promise<unknown> = Promise.resolve();

  run<T>(job: () => Promise<T>): Promise<T> {
    const result = this.tail.then(job);
    this.tail = result.catch(() => undefined);
    return result;
  }
}

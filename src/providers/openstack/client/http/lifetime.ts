import { TransportError } from '../errors';

/**
 * The time that one request has: until it is late, its caller gives up, or the client is closed. Lets go of its signals at
 * its end, because the client's lives on.
 */
export class Lifetime {
  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout;

  /** @param outer abort the request with their own reasons */
  constructor(
    timeoutMs: number,
    private readonly outer: readonly AbortSignal[],
  ) {
    this.timer = setTimeout(() => {
      const message = `The server did not answer within ${timeoutMs} ms.`;
      this.controller.abort(new TransportError('TIMEOUT', message));
    }, timeoutMs);
    for (const signal of outer) signal.addEventListener('abort', this.onOuter);
    this.onOuter();
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  end(): void {
    clearTimeout(this.timer);
    for (const signal of this.outer) signal.removeEventListener('abort', this.onOuter);
  }

  private readonly onOuter = (): void => {
    const aborted = this.outer.find((signal) => signal.aborted);
    if (aborted !== undefined) this.controller.abort(aborted.reason);
  };
}

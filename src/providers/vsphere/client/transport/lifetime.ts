import { TransportError } from '../errors';

/**
 * How long a call may go on: until its time is over, the server has been silent for too long, or one of the given
 * signals is aborted. It leaves nothing behind on those, which `AbortSignal.any` does, little by little.
 */
export class Lifetime {
  private readonly controller = new AbortController();
  private readonly overall: NodeJS.Timeout;
  private readonly outer: readonly AbortSignal[];
  private stall: NodeJS.Timeout | null = null;

  constructor(timeoutMs: number, ...outer: readonly (AbortSignal | undefined)[]) {
    const message = `The server did not answer within ${timeoutMs} ms.`;
    this.overall = setTimeout(() => this.late(message), Math.min(timeoutMs, 0x7fffffff));
    this.outer = outer.filter((signal) => signal !== undefined);
    for (const signal of this.outer) signal.addEventListener('abort', this.onOuter);
    this.onOuter();
  }

  /** Aborted at its end, with an Error for a reason. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** From now on there has to be a sign of life this often. */
  watchStalls(stallMs: number): void {
    clearTimeout(this.stall ?? undefined);
    this.stall = setTimeout(() => this.late(`The server was silent for ${stallMs} ms.`), stallMs);
  }

  alive(): void {
    this.stall?.refresh();
  }

  /** The call is over: lets go of the timers and of the signals. */
  end(): void {
    clearTimeout(this.overall);
    clearTimeout(this.stall ?? undefined);
    for (const signal of this.outer) signal.removeEventListener('abort', this.onOuter);
  }

  private readonly onOuter = (): void => {
    const aborted = this.outer.find((signal) => signal.aborted);
    if (aborted === undefined) return;
    const reason: unknown = aborted.reason;
    this.controller.abort(
      reason instanceof Error ? reason : new DOMException('The call was aborted.', 'AbortError'),
    );
  };

  private late(message: string): void {
    this.controller.abort(new TransportError('TIMEOUT', message, { sent: false }));
  }
}

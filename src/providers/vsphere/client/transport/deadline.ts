import { TransportError } from '../errors';

/** The time of a call: in all, and from one sign of life to the next. */
export class Deadline {
  private readonly controller = new AbortController();
  private readonly overall: NodeJS.Timeout;
  private stall: NodeJS.Timeout | null = null;

  constructor(timeoutMs: number) {
    const message = `The server did not answer within ${timeoutMs} ms.`;
    this.overall = setTimeout(() => this.late(message), Math.min(timeoutMs, 0x7fffffff));
  }

  /** Aborted when it is too late, with a TransportError that knows of nothing sent. */
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

  end(): void {
    clearTimeout(this.overall);
    clearTimeout(this.stall ?? undefined);
  }

  private late(message: string): void {
    this.controller.abort(new TransportError('TIMEOUT', message, { sent: false }));
  }
}

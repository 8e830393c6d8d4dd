import { setTimeout as sleep } from 'node:timers/promises';

/** At most this often; whatever comes faster is folded into the newest. */
const MIN_INTERVAL_MS = 200;

export interface ProgressReport {
  readonly percent: number;
  readonly message: string;
}

/** Writes a step's reports one after another, the newest only, and never faster than the interval. */
export class ProgressWriter {
  private pending: ProgressReport | null = null;
  private writing: Promise<void> | null = null;
  private closed = false;
  private readonly wake = new AbortController();

  constructor(private readonly write: (report: ProgressReport) => Promise<void>) {}

  report(report: ProgressReport): void {
    if (this.closed) return;
    this.pending = report;
    this.begin();
  }

  private begin(): void {
    this.writing ??= this.drain().finally(() => {
      this.writing = null;
      if (this.pending && !this.closed) this.begin();
    });
  }

  private async drain(): Promise<void> {
    while (this.pending && !this.closed) {
      const next = this.pending;
      this.pending = null;
      // A lost lease shows at the step's own write too; a report is never worth failing for.
      await this.write(next).catch(() => undefined);
      await sleep(MIN_INTERVAL_MS, undefined, { signal: this.wake.signal }).catch(() => undefined);
    }
  }

  /** Drops what is pending and waits for the write under way, so that none comes after the step's end. */
  async close(): Promise<void> {
    this.closed = true;
    this.wake.abort();
    await this.writing;
  }
}

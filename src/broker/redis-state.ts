import type { Logger } from '../kernel';

/** A Redis that comes and goes fills no log: its changes are told this far apart, those between only for debugging. */
const QUIET_MS = 60_000;

type End = 'speaker' | 'hearer';

/** Which of the two connections are there, told once per change. */
export class RedisState {
  private readonly ends = new Set<End>();
  private wasUp: boolean | null = null;
  private toldAt: Readonly<Record<'up' | 'down', number>> = { up: -Infinity, down: -Infinity };
  private closed = false;

  constructor(private readonly logger: Logger) {}

  get isUp(): boolean {
    return this.ends.size === 2;
  }

  has(end: End): boolean {
    return this.ends.has(end);
  }

  here(end: End): void {
    this.ends.add(end);
    if (this.isUp) this.change(true, null);
  }

  away(end: End, error: unknown): void {
    this.ends.delete(end);
    this.change(false, error);
  }

  /** What follows is the end that was asked for. */
  close(): void {
    this.closed = true;
    this.ends.clear();
  }

  private change(isUp: boolean, error: unknown): void {
    if (this.closed || isUp === this.wasUp) return;
    this.wasUp = isUp;
    const which = isUp ? 'up' : 'down';
    const now = Date.now();
    const level = now - this.toldAt[which] < QUIET_MS ? 'debug' : isUp ? 'info' : 'warn';
    if (level !== 'debug') this.toldAt = { ...this.toldAt, [which]: now };
    if (isUp) this.logger[level]({}, 'Redis answers; replicas wake each other.');
    else
      this.logger[level]({ reason: reasonOf(error) }, 'Redis is away; replicas find what is new by looking.');
  }
}

/**
 * The code of an error and nothing else of it: the library's errors hold the command that was refused, and a login's
 * arguments are a password, which some servers repeat in their message, too.
 */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'closed';
  const { code } = error as NodeJS.ErrnoException;
  return code ?? /^[A-Z]+\b/.exec(error.message)?.[0] ?? error.name;
}

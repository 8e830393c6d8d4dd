import type { Live } from './live';
import type { Login } from './session';

/** What is being freed on the server while nobody waits for it. */
export class Releases {
  private readonly pending = new Set<Promise<unknown>>();

  /** @param liveFor calls that go on while the client is being closed */
  constructor(private readonly liveFor: (login: Login) => Live) {}

  /** Begins the work. Its failure concerns nobody: the end of the session frees all. */
  run(login: Login, work: (live: Live) => Promise<unknown>): void {
    const freed: Promise<unknown> = work(this.liveFor(login))
      .catch(() => undefined)
      .finally(() => this.pending.delete(freed));
    this.pending.add(freed);
  }

  async settled(): Promise<void> {
    await Promise.all(this.pending);
  }
}

import type { BackendEvent } from '../contract';

type Listener = (event: BackendEvent) => void;

/** Hands changes to whoever watches. While the host is down nothing is delivered, and afterwards all resynchronise. */
export class EventFeed {
  private readonly listeners = new Set<Listener>();
  private up = true;

  publish(event: BackendEvent): void {
    if (!this.up) return;
    for (const listener of this.listeners) listener(event);
  }

  /** Resolves when `signal` is aborted. */
  async subscribe(listener: Listener, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    this.listeners.add(listener);
    if (this.up) listener({ type: 'RESYNC' });
    await new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => {
        resolve();
      });
    });
    this.listeners.delete(listener);
  }

  setUp(up: boolean): void {
    const restored = up && !this.up;
    this.up = up;
    if (restored) this.publish({ type: 'RESYNC' });
  }
}

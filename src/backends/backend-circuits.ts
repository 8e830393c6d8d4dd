import { performance } from 'node:perf_hooks';

/**
 * CLOSED: calls go through. OPEN: they are held back, because the backend does not answer. TRIAL: the time has come to
 * let one through, whose end decides.
 */
export type CircuitState = 'CLOSED' | 'OPEN' | 'TRIAL';

/** What this process knows of its backends' circuits, so that nothing is begun that would be held back. */
export class BackendCircuits {
  private readonly trialAt = new Map<string, number>();

  /** @param forMs how long until the next trial */
  opened(name: string, forMs: number): void {
    this.trialAt.set(name, performance.now() + forMs);
  }

  closed(name: string): void {
    this.trialAt.delete(name);
  }

  stateOf(name: string): CircuitState {
    const at = this.trialAt.get(name);
    if (at === undefined) return 'CLOSED';
    return performance.now() < at ? 'OPEN' : 'TRIAL';
  }
}

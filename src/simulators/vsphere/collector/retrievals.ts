import type { Retrieval } from './retrieval';

/** A client that never comes back for its pages loses the oldest of them. */
const MAX_OPEN = 64;

/** The answers that have pages left, by their tokens. */
export class Retrievals {
  private readonly open = new Map<string, Retrieval>();
  private last = 0;

  keep(retrieval: Retrieval): string {
    this.last += 1;
    const token = String(this.last);
    this.open.set(token, retrieval);
    const [oldest] = this.open.keys();
    if (this.open.size > MAX_OPEN && oldest !== undefined) this.open.delete(oldest);
    return token;
  }

  /** A token is good for one page; null when it is not good. */
  take(token: string): Retrieval | null {
    const found = this.open.get(token) ?? null;
    this.open.delete(token);
    return found;
  }
}

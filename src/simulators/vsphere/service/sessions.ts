import { Session } from './session';
import type { ClientInfo } from './session';

export interface SessionOptions {
  /** A session without a call for so long is forgotten. */
  readonly timeoutMs: number;
  readonly maxSessions: number;
  /** The clock, in milliseconds. */
  readonly now: () => number;
}

/** Every login that has not ended. */
export class Sessions {
  private readonly byToken = new Map<string, Session>();

  constructor(private readonly options: SessionOptions) {}

  /** Null when there are too many. */
  open(userName: string, client: ClientInfo): Session | null {
    this.forgetIdle();
    if (this.byToken.size >= this.options.maxSessions) return null;
    const session = new Session(userName, client, this.options.now());
    this.byToken.set(session.token, session);
    return session;
  }

  find(token: string | null): Session | null {
    const session = token === null ? undefined : this.byToken.get(token);
    if (!session) return null;
    if (!session.isIdle(this.options.now(), this.options.timeoutMs)) return session;
    this.end(session);
    return null;
  }

  begin(session: Session): () => void {
    return session.begin(this.options.now);
  }

  all(): readonly Session[] {
    this.forgetIdle();
    return [...this.byToken.values()];
  }

  withKey(key: string): Session | null {
    return this.all().find((session) => session.key === key) ?? null;
  }

  end(session: Session): void {
    this.byToken.delete(session.token);
    session.end();
  }

  endAll(): void {
    for (const session of [...this.byToken.values()]) this.end(session);
  }

  forgetIdle(): void {
    const now = this.options.now();
    for (const session of this.byToken.values()) {
      if (session.isIdle(now, this.options.timeoutMs)) this.end(session);
    }
  }
}

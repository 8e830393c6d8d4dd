import { WebSocket } from 'ws';
import { AppError, type Logger, toAppError } from '../kernel';
import { tokenFromParams } from './bearer-token';
import type { HttpServerOptions, Viewer } from './settings';

/**
 * Why a socket is closed. 4401 is final for clients of graphql-transport-ws, after the others they may connect
 * again with a fresh token.
 */
const CLOSE = {
  unauthenticated: { code: 4401, reason: 'UNAUTHENTICATED: the token is not accepted' },
  expired: { code: 4403, reason: 'UNAUTHENTICATED: the token has expired' },
  revoked: { code: 4403, reason: 'UNAUTHENTICATED: the token is no longer accepted' },
  unavailable: { code: 1013, reason: 'UNAVAILABLE: try again later' },
} as const;

/** The longest delay that a timer takes; a later expiry is met by the periodic check. */
const MAX_TIMER_MS = 2 ** 31 - 1;

type Authenticate = HttpServerOptions['authenticate'];

/** One socket and the token that it was opened with. */
export class SocketSession {
  private token: string | null = null;
  private current: Viewer | null = null;
  private expiry: NodeJS.Timeout | undefined;

  constructor(
    readonly socket: WebSocket,
    readonly logger: Logger,
    private readonly authenticate: Authenticate,
  ) {
    socket.once('close', () => {
      clearTimeout(this.expiry);
    });
  }

  /** Null until the token was verified. */
  get viewer(): Viewer | null {
    return this.current;
  }

  /** Null until the token was verified. */
  get verifiedToken(): string | null {
    return this.current === null ? null : this.token;
  }

  /** Verifies the token of `connection_init`; closes the socket and answers false when it does not hold. */
  async open(params: Readonly<Record<string, unknown>> | undefined): Promise<boolean> {
    try {
      this.token = tokenFromParams(params);
      this.accept(await this.authenticate(this.token));
      return this.socket.readyState === WebSocket.OPEN;
    } catch (error) {
      this.refuse(error);
      return false;
    }
  }

  /** Takes over what a later check of the token has found. */
  accept(viewer: Viewer): void {
    this.current = viewer;
    clearTimeout(this.expiry);
    if (viewer.expiresAt === null) return;
    const leftMs = viewer.expiresAt.getTime() - Date.now();
    if (leftMs > MAX_TIMER_MS) return;
    this.expiry = setTimeout(() => {
      this.close(CLOSE.expired);
    }, leftMs).unref();
  }

  close({ code, reason }: { readonly code: number; readonly reason: string }): void {
    this.socket.close(code, reason);
  }

  private refuse(error: unknown): void {
    const refused = error instanceof AppError && error.code === 'UNAUTHENTICATED';
    if (!refused)
      this.logger.error({ err: toAppError(error).cause ?? error }, 'a token could not be checked');
    this.close(refused ? CLOSE.unauthenticated : CLOSE.unavailable);
  }
}

function byToken(sessions: Iterable<SocketSession>): Map<string, SocketSession[]> {
  const groups = new Map<string, SocketSession[]>();
  for (const session of sessions) {
    const token = session.verifiedToken;
    if (token !== null) groups.set(token, [...(groups.get(token) ?? []), session]);
  }
  return groups;
}

/** Asks about each token once, however many sockets were opened with it, and closes those that lost theirs. */
export async function recheckSessions(
  sessions: Iterable<SocketSession>,
  authenticate: Authenticate,
): Promise<void> {
  for (const [token, holders] of byToken(sessions)) {
    try {
      const viewer = await authenticate(token);
      for (const session of holders) session.accept(viewer);
    } catch (error) {
      // When the database is away nothing is known about the token: the next round asks again.
      if (!(error instanceof AppError) || error.code !== 'UNAUTHENTICATED') continue;
      for (const session of holders) session.close(CLOSE.revoked);
    }
  }
}

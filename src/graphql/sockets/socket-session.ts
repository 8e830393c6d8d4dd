import type { WebSocket } from 'ws';
import { AppError, type Logger, toAppError } from '../../kernel';
import { tokenFromParams } from '../bearer-token';
import type { HttpServerOptions, Viewer } from '../settings';
import type { SocketOutlet } from './socket-outlet';
import type { SocketQuota, SocketSeat } from './socket-quota';

/**
 * Why a socket is closed. 4401 is final for clients of graphql-transport-ws, after the others they may connect
 * again with a fresh token.
 */
const CLOSE = {
  unauthenticated: { code: 4401, reason: 'UNAUTHENTICATED: the token is not accepted' },
  expired: { code: 4403, reason: 'UNAUTHENTICATED: the token has expired' },
  revoked: { code: 4403, reason: 'UNAUTHENTICATED: the token is no longer accepted' },
  unavailable: { code: 1013, reason: 'UNAVAILABLE: try again later' },
  crowded: { code: 1013, reason: 'RESOURCE_EXHAUSTED: this tenant has too many WebSockets open' },
  stuck: { code: 1013, reason: 'UNAVAILABLE: this client does not read what it is sent' },
} as const;

/** The longest delay that a timer takes; a later expiry is met by the periodic check. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** How long a client that does not read may take to answer the closing handshake. */
const STUCK_HANDSHAKE_MS = 1000;

type Authenticate = HttpServerOptions['authenticate'];

/** One socket and the token that it was opened with. */
export class SocketSession {
  private token: string | null = null;
  private current: Viewer | null = null;
  private expiry: NodeJS.Timeout | undefined;

  private seat: SocketSeat;

  constructor(
    readonly socket: WebSocket,
    readonly outlet: SocketOutlet,
    readonly logger: Logger,
    private readonly authenticate: Authenticate,
    private readonly quota: SocketQuota,
  ) {
    this.seat = quota.takePending();
    socket.once('close', () => {
      clearTimeout(this.expiry);
      this.seat.giveBack();
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
      const viewer = await this.authenticate(this.token);
      return this.sit(viewer);
    } catch (error) {
      this.refuse(error);
      return false;
    }
  }

  private sit(viewer: Viewer): boolean {
    // It may have closed while its token was looked up; its seat is given back already.
    if (!this.outlet.isOpen) return false;
    const seat = this.quota.take(viewer.scope.tenantId);
    if (seat === null) {
      this.close(CLOSE.crowded);
      return false;
    }
    this.seat.giveBack();
    this.seat = seat;
    this.accept(viewer);
    return this.outlet.isOpen;
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

  /** Closes it when what waits for its client is not taken any more. The client will hardly read the code. */
  closeIfStuck(stallMs: number): void {
    if (this.outlet.isStuck(stallMs)) this.cutOff();
  }

  /** Closes it when its client makes us answer more than it reads. */
  closeIfOverflowing(): void {
    if (this.outlet.isOverflowing) this.cutOff();
  }

  private cutOff(): void {
    if (!this.outlet.isOpen) return;
    this.close(CLOSE.stuck);
    setTimeout(() => {
      this.socket.terminate();
    }, STUCK_HANDSHAKE_MS).unref();
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

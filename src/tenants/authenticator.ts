import { timingSafeEqual } from 'node:crypto';
import { AppError, TenantScope } from '../kernel';
import { hashOf, isValidAt, isWellFormed } from './api-token';
import type { ApiTokenStore } from './api-token.store';

/** `lastUsedAt` is kept this exact, in milliseconds, so that reading does not become writing. */
const LAST_USED_RESOLUTION_MS = 60_000;

/** Who a token stands for, and until when. */
export interface Authentication {
  readonly scope: TenantScope;
  /** Milliseconds since the epoch; null without an end. */
  readonly expiresAt: number | null;
}

export class Authenticator {
  constructor(
    private readonly tokens: ApiTokenStore,
    /** SHA-256 of the administrator's token, in hexadecimal. */
    private readonly adminTokenHash: string,
  ) {}

  /**
   * Finds out whom a bearer token stands for. Unknown, malformed, expired and revoked ones are answered alike.
   * @throws UNAUTHENTICATED, UNAVAILABLE when the database is
   */
  async authenticate(secret: string): Promise<Authentication> {
    const hash = hashOf(secret);
    if (timingSafeEqual(Buffer.from(hash), Buffer.from(this.adminTokenHash))) {
      return { scope: TenantScope.administrator(), expiresAt: null };
    }
    if (!isWellFormed(secret)) throw refused();
    const { database } = this.tokens;
    const token = await this.tokens.findBySecretHash(database.reader, hash);
    const now = await database.now();
    if (!token || !isValidAt(token, now)) throw refused();
    if (token.lastUsedAt === null || token.lastUsedAt < now - LAST_USED_RESOLUTION_MS) {
      await database.transaction((session) => this.tokens.markUsed(session, token.id, now));
    }
    return {
      scope: TenantScope.member(token.tenantId, token.role, token.id),
      expiresAt: token.expiresAt,
    };
  }
}

function refused(): AppError {
  return new AppError('UNAUTHENTICATED', 'The token is not valid.');
}

import { randomBytes } from 'node:crypto';
import type { Caller } from '../wire/api-call';

export interface Token extends Caller {
  readonly id: string;
  readonly methods: readonly string[];
  readonly applicationCredentialId: string | null;
  readonly auditId: string;
  readonly issuedAt: number;
  readonly expiresAt: number;
}

export interface NewToken extends Pick<
  Token,
  'userId' | 'projectId' | 'methods' | 'applicationCredentialId'
> {
  /** When that ends by which it was got; null where it does not. */
  readonly notAfter: number | null;
}

/** Every token that is valid. They end with the process, as Fernet tokens do when their keys change. */
export class Tokens {
  private readonly byId = new Map<string, Token>();

  constructor(
    private readonly lifeMs: number,
    private readonly now: () => number,
  ) {}

  issue({ notAfter, ...token }: NewToken): Token {
    this.forgetExpired();
    const issuedAt = this.now();
    const issued: Token = {
      ...token,
      id: `gAAAAA${randomBytes(96).toString('base64url')}`,
      auditId: randomBytes(16).toString('base64url'),
      issuedAt,
      expiresAt: Math.min(issuedAt + this.lifeMs, notAfter ?? Infinity),
    };
    this.byId.set(issued.id, issued);
    return issued;
  }

  /** Null when it never was, has expired or was revoked. */
  find(id: string | undefined): Token | null {
    const token = id === undefined ? undefined : this.byId.get(id);
    return token && token.expiresAt > this.now() ? token : null;
  }

  revoke(id: string): void {
    this.byId.delete(id);
  }

  /** All that belong to an application credential, or all. */
  revokeAll(applicationCredentialId?: string): void {
    for (const token of [...this.byId.values()]) {
      if (
        applicationCredentialId === undefined ||
        token.applicationCredentialId === applicationCredentialId
      ) {
        this.byId.delete(token.id);
      }
    }
  }

  get count(): number {
    this.forgetExpired();
    return this.byId.size;
  }

  private forgetExpired(): void {
    const now = this.now();
    for (const token of [...this.byId.values()]) if (token.expiresAt <= now) this.byId.delete(token.id);
  }
}

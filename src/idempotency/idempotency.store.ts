import { createHash } from 'node:crypto';
import { LessThan } from 'typeorm';
import { insertRows, isUniqueViolation } from '../database';
import type { Database, Session } from '../database';
import { AppError, invalidArgument } from '../kernel';
import type { IdempotencyRow } from './idempotency.table';

/** How long an answer is remembered, in milliseconds: 24 hours. */
export const REMEMBERED_MS = 24 * 60 * 60 * 1000;

export interface IdempotentRequest {
  /** The tenant on whose behalf the mutation acts. */
  readonly owner: string;
  /** The client's key; null runs the mutation without remembering it. */
  readonly key: string | null;
  readonly mutation: string;
  /** The whole input but the key; JSON. */
  readonly input: Readonly<Record<string, unknown>>;
}

/**
 * The request of a mutation on behalf of a tenant. The tenant is part of the input, so that naming one's own and naming
 * none are the same.
 */
export function idempotentRequest(
  mutation: string,
  tenantId: string,
  input: { readonly idempotencyKey: string | null },
): IdempotentRequest {
  const { idempotencyKey, ...rest } = input;
  return { owner: tenantId, key: idempotencyKey, mutation, input: { ...rest, tenantId } };
}

/** The same text for equal inputs, in whatever order their fields were written. */
function canonical(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value ?? null);
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined && field !== null)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`).join(',')}}`;
}

function hashOf(input: IdempotentRequest['input']): string {
  return createHash('sha256').update(canonical(input)).digest('hex');
}

/** Remembers the answers of mutations by the keys of their clients (the rule of EC2's client tokens). */
export class IdempotencyStore {
  constructor(private readonly database: Database) {}

  /**
   * The answer that the key had before, or null. Asked ahead of everything that may have changed since: a replay must
   * not fail because a backend is away now.
   * @throws ALREADY_EXISTS when the key came with another input before
   */
  async recall<Answer>(request: IdempotentRequest): Promise<Answer | null> {
    const { key } = request;
    if (key === null) return null;
    const { reader } = this.database;
    const known = await this.find<Answer>(reader, { ...request, key }, await this.database.now());
    return known && known.answer;
  }

  /**
   * Runs `work` and remembers its answer in the same transaction; the same key with the same input answers so again
   * for 24 hours without running it.
   * @throws INVALID_ARGUMENT for a bad key, ALREADY_EXISTS when the key came with another input before
   */
  async once<Answer>(
    request: IdempotentRequest,
    work: (session: Session) => Promise<Answer>,
  ): Promise<Answer> {
    const { key } = request;
    if (key === null) return this.database.transaction(work);
    if (!/^[\x21-\x7e]{1,128}$/.test(key)) {
      throw invalidArgument('input.idempotencyKey', 'must be 1 to 128 visible ASCII characters.');
    }
    const attempt = (): Promise<Answer> =>
      this.database.transaction((session) => this.remembered(session, { ...request, key }, work));
    try {
      return await attempt();
    } catch (error) {
      // Two at once with one key: whoever came second finds the first one's answer now.
      if (isUniqueViolation(error)) return attempt();
      throw error;
    }
  }

  private async remembered<Answer>(
    session: Session,
    request: IdempotentRequest & { readonly key: string },
    work: (session: Session) => Promise<Answer>,
  ): Promise<Answer> {
    const { owner, key, mutation } = request;
    const now = await this.database.now(session);
    const known = await this.find<Answer>(session, request, now);
    if (known) return known.answer;
    // Only what is too old: another request with this key may have been committed since we looked.
    const outdated = { owner, key, createdAt: LessThan(now - REMEMBERED_MS) };
    await session.delete<IdempotencyRow>('Idempotency', outdated);
    const answer = await work(session);
    await insertRows<IdempotencyRow>(session, 'Idempotency', {
      ...{ owner, key, mutation, answer },
      inputHash: hashOf(request.input),
      createdAt: now,
    });
    return answer;
  }

  /** @throws ALREADY_EXISTS when the key came with another input before */
  private async find<Answer>(
    session: Session,
    { owner, key, mutation, input }: IdempotentRequest & { readonly key: string },
    now: number,
  ): Promise<{ readonly answer: Answer } | null> {
    const known = await session.findOne<IdempotencyRow>('Idempotency', { where: { owner, key } });
    if (!known || known.createdAt < now - REMEMBERED_MS) return null;
    // The answer was made by the same mutation, hence of its type.
    if (known.mutation === mutation && known.inputHash === hashOf(input))
      return { answer: known.answer as Answer };
    throw new AppError('ALREADY_EXISTS', 'input.idempotencyKey: was used before with another input.', {
      details: { field: 'input.idempotencyKey', reason: 'IDEMPOTENCY_KEY_REUSED' },
    });
  }

  /** Forgets what is older than 24 hours. */
  async prune(session: Session): Promise<void> {
    const before = (await this.database.now(session)) - REMEMBERED_MS;
    await session.delete<IdempotencyRow>('Idempotency', { createdAt: LessThan(before) });
  }
}

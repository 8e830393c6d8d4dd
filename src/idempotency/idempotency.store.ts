import { LessThan } from 'typeorm';
import { insertRows, isUniqueViolation, updateRows } from '../database';
import type { Database, Session } from '../database';
import { AppError } from '../kernel';
import type { IdempotencyRow } from './idempotency.table';
import type { IdempotentRequest } from './idempotent-request';
import { InputHash } from './input-hash';

/** How long an answer is remembered, in milliseconds: 24 hours. */
export const REMEMBERED_MS = 24 * 60 * 60 * 1000;

/**
 * What a mutation does in its transaction. It answers references to what it made, as JSON: ids, by which a replay reads
 * the objects anew.
 */
export type Work<Answer> = (session: Session) => Promise<Answer>;

type KeyedRequest = IdempotentRequest & { readonly key: string };

/**
 * Remembers the answers of mutations by the keys of their clients (the rule of EC2's client tokens). Whoever asks has
 * checked before that the caller may do this, and reads the answer's objects in the caller's scope: a replay shows
 * nothing that the caller may not see any more.
 */
export class IdempotencyStore {
  private readonly hash: InputHash;

  /** @param hashKey of the installation, 32 bytes; hashes the inputs */
  constructor(
    private readonly database: Database,
    hashKey: Buffer,
  ) {
    this.hash = new InputHash(hashKey);
  }

  /**
   * Runs `work` and remembers its answer in the same transaction; the same key with the same input answers so again
   * for 24 hours without running it.
   * @throws ALREADY_EXISTS when the key came with another input before
   */
  async once<Answer extends object>(request: IdempotentRequest, work: Work<Answer>): Promise<Answer> {
    const { key } = request;
    if (key === null) return this.database.transaction(work);
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

  /**
   * The same for work that has to be prepared outside of the transaction, with checks that may go differently by now: a
   * replay must not fail because a backend is away.
   * @throws what `prepare` throws, and ALREADY_EXISTS when the key came with another input before
   */
  async oncePrepared<Answer extends object>(
    request: IdempotentRequest,
    prepare: () => Promise<Work<Answer>>,
  ): Promise<Answer> {
    const known = await this.recall<Answer>(request);
    if (known) return known;
    let work: Work<Answer>;
    try {
      work = await prepare();
    } catch (error) {
      // The same request may have been answered meanwhile, and may be why this one is refused.
      const answered = await this.recall<Answer>(request);
      if (answered) return answered;
      throw error;
    }
    return this.once(request, work);
  }

  private async recall<Answer>(request: IdempotentRequest): Promise<Answer | null> {
    const { key } = request;
    if (key === null) return null;
    return this.find<Answer>(this.database.reader, { ...request, key }, await this.database.now());
  }

  private async remembered<Answer>(
    session: Session,
    request: KeyedRequest,
    work: Work<Answer>,
  ): Promise<Answer> {
    const now = await this.database.now(session);
    const known = await this.find<Answer>(session, request, now);
    if (known) return known;
    await this.claim(session, request, now);
    const answer = await work(session);
    const { owner, key } = request;
    const where = 'owner = :owner AND idempotency_key = :key';
    await updateRows<IdempotencyRow>(session, 'Idempotency', { answer }, where, { owner, key });
    return answer;
  }

  /**
   * Ahead of the work: another request with this key waits here until the first is committed, and never comes to judge
   * what the first one left behind.
   */
  private async claim(session: Session, request: KeyedRequest, now: number): Promise<void> {
    const { owner, key, mutation, input } = request;
    // Only what is too old: another request with this key may have been committed since we looked.
    const outdated = { owner, key, createdAt: LessThan(now - REMEMBERED_MS) };
    await session.delete<IdempotencyRow>('Idempotency', outdated);
    await insertRows<IdempotencyRow>(session, 'Idempotency', {
      ...{ owner, key, mutation, answer: {} },
      inputHash: this.hash.of(input),
      createdAt: now,
    });
  }

  /** @throws ALREADY_EXISTS when the key came with another input before */
  private async find<Answer>(
    session: Session,
    { owner, key, mutation, input }: KeyedRequest,
    now: number,
  ): Promise<Answer | null> {
    const known = await session.findOne<IdempotencyRow>('Idempotency', { where: { owner, key } });
    if (!known || known.createdAt < now - REMEMBERED_MS) return null;
    // The answer was made by the same mutation, hence of its type.
    if (known.mutation === mutation && this.hash.matches(known.inputHash, input)) {
      return known.answer as Answer;
    }
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

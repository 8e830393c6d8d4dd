import type { QuotaRecount } from '../allocations';
import type { Database } from '../database';
import type { EventFeed } from '../events';
import type { IdempotencyStore } from '../idempotency';
import { pause } from '../kernel';
import type { Logger } from '../kernel';

const INTERVAL_MS = 10 * 60_000;
/** After the duty was taken: an installation that restarts often is looked after, too. */
const FIRST_AFTER_MS = 60_000;
const DAY_MS = 24 * 60 * 60_000;

export interface MaintenanceOptions {
  readonly database: Database;
  readonly outbox: EventFeed['outbox'];
  readonly idempotency: IdempotencyStore;
  readonly recount: Pick<QuotaRecount, 'run'>;
  /** Told how many mistakes a recount has put right. */
  readonly onQuotaDrift: (drifts: number) => void;
  readonly logger: Logger;
  /** How long events are kept. */
  readonly retentionDays: number;
}

/** Forgets, now and then, what need not be kept any longer, and checks what should add up. */
export class Maintenance {
  constructor(private readonly options: MaintenanceOptions) {}

  /** Works until `signal` is aborted. */
  async work(signal: AbortSignal): Promise<void> {
    for (let waitMs = FIRST_AFTER_MS; !signal.aborted; waitMs = INTERVAL_MS) {
      await pause(waitMs, signal).catch(() => undefined);
      if (signal.aborted) return;
      await this.prune();
      await this.recount();
    }
  }

  private async prune(): Promise<void> {
    const { database, outbox, idempotency, retentionDays, logger } = this.options;
    try {
      await database.transaction(async (session) => {
        const before = (await database.now(session)) - retentionDays * DAY_MS;
        await outbox.prune(session, before);
        await idempotency.prune(session);
      });
    } catch (error) {
      logger.warn({ err: error }, 'Forgetting old records failed; it is tried again later.');
    }
  }

  private async recount(): Promise<void> {
    const { recount, onQuotaDrift, logger } = this.options;
    try {
      const drifts = await recount.run();
      onQuotaDrift(drifts.length);
      for (const drift of drifts) logger.error(drift, 'A quota did not add up; it was put right.');
    } catch (error) {
      logger.warn({ err: error }, 'Counting quotas anew failed; it is tried again later.');
    }
  }
}

import type { Database } from './database';
import type { EventFeed } from './events';
import type { IdempotencyStore } from './idempotency';
import { pause } from './kernel';
import type { Logger } from './kernel';

const INTERVAL_MS = 10 * 60_000;
const DAY_MS = 24 * 60 * 60_000;

export interface MaintenanceOptions {
  readonly database: Database;
  readonly outbox: EventFeed['outbox'];
  readonly idempotency: IdempotencyStore;
  readonly logger: Logger;
  /** How long events are kept. */
  readonly retentionDays: number;
}

/** Forgets, now and then, what need not be kept any longer. */
export class Maintenance {
  constructor(private readonly options: MaintenanceOptions) {}

  /** Works until `signal` is aborted. */
  async work(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await pause(INTERVAL_MS, signal).catch(() => undefined);
      if (!signal.aborted) await this.run();
    }
  }

  private async run(): Promise<void> {
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
}

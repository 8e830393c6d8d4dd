import type { Database } from './database';
import type { EventFeed } from './events';
import type { IdempotencyStore } from './idempotency';
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
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> = Promise.resolve();

  constructor(private readonly options: MaintenanceOptions) {}

  start(): void {
    this.timer = setInterval(() => {
      this.running = this.running.then(() => this.run());
    }, INTERVAL_MS);
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

  async close(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    await this.running;
  }
}

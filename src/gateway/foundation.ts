import { hostname } from 'node:os';
import { v7 as uuidv7 } from 'uuid';
import { noBroker, RedisBroker } from '../broker';
import type { Broker, HintFate, Topic } from '../broker';
import type { Config } from '../config';
import { lockSqliteDatabase, openDatabase } from '../database';
import type { Database } from '../database';
import { EventFeed } from '../events';
import { InstallationStore } from '../installation';
import type { Installation } from '../installation';
import type { Logger } from '../kernel';
import { TABLES } from './tables';

/** How often the event feed looks for what other processes have written. */
const FEED_POLL_MS = 500;

/** What every gateway stands on, whatever its roles. */
export interface Foundation {
  /** Names this process in the database; no other one ever has the name. */
  readonly process: string;
  readonly database: Database;
  readonly installation: Installation;
  readonly settings: InstallationStore;
  readonly broker: Broker;
  readonly feed: EventFeed;
  /** Whether no other process can be at work on this database. */
  readonly isAlone: boolean;
  close(): Promise<void>;
}

export interface FoundationOptions {
  readonly config: Config;
  readonly logger: Logger;
  readonly onHint: (topic: Topic, fate: HintFate) => void;
}

/** @throws when the database cannot be had; a Redis that is away is waited for in the background */
export async function openFoundation({ config, logger, onHint }: FoundationOptions): Promise<Foundation> {
  const lock = config.database.type === 'sqlite' ? lockSqliteDatabase(config.database.file) : null;
  let database: Database | null = null;
  let broker = noBroker;
  try {
    database = await openDatabase(config.database, TABLES);
    const settings = new InstallationStore(database);
    const installation = await settings.load();
    if (config.redis) {
      broker = new RedisBroker({ url: config.redis.url, installationId: installation.id, logger, onHint });
    }
    const feed = await openFeed(database, broker, logger);
    const close = closing(feed, broker, database, lock);
    const process = `${hostname().slice(0, 20)}/${uuidv7()}`;
    return { process, database, installation, settings, broker, feed, isAlone: lock !== null, close };
  } catch (error) {
    await broker.close();
    await database?.close();
    lock?.release();
    throw error;
  }
}

async function openFeed(database: Database, broker: Broker, logger: Logger): Promise<EventFeed> {
  const onPlaced = (): void => broker.tell('events');
  const feed = new EventFeed({ database, logger, pollMs: FEED_POLL_MS, onPlaced });
  await feed.start();
  broker.listen('events', () => feed.wake());
  return feed;
}

function closing(
  feed: EventFeed,
  broker: Broker,
  database: Database,
  lock: { release(): void } | null,
): Foundation['close'] {
  return async () => {
    await feed.close();
    await broker.close();
    await database.close();
    lock?.release();
  };
}

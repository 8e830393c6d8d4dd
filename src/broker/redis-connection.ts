import { Redis } from 'ioredis';

const CONNECT_TIMEOUT_MS = 5_000;
const COMMAND_TIMEOUT_MS = 2_000;
/** The library waits for so long after an end, even where there is no connection to be ended. */
const DISCONNECT_TIMEOUT_MS = 100;
const FIRST_RETRY_MS = 50;
const LAST_RETRY_MS = 10_000;

/** What a connection tells of itself. */
export interface ConnectionEvents {
  /** It can be used; again after each time that it was lost. */
  readonly ready: () => void;
  /** It cannot, for now; repeated with each attempt. */
  readonly away: (error: unknown) => void;
}

/** The longer it is away, the rarer it is asked; half of the pause is left to chance, as all replicas ask. */
function pauseBefore(attempt: number): number {
  const pause = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(attempt, 16));
  return pause / 2 + (Math.random() * pause) / 2;
}

/**
 * A connection that is there when Redis is, and never gives up. What is asked of it meanwhile fails at once, and what
 * is not answered in time fails: nothing waits in a queue.
 */
export function connectToRedis(url: string, events: ConnectionEvents): Redis {
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
    maxRetriesPerRequest: 0,
    connectTimeout: CONNECT_TIMEOUT_MS,
    commandTimeout: COMMAND_TIMEOUT_MS,
    disconnectTimeout: DISCONNECT_TIMEOUT_MS,
    retryStrategy: pauseBefore,
    disableClientInfo: true,
  });
  let reason: unknown = null;
  redis.on('error', (error: unknown) => {
    reason = error;
  });
  redis.on('ready', () => {
    reason = null;
    events.ready();
  });
  redis.on('close', () => events.away(reason));
  return redis;
}

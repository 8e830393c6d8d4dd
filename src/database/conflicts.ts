import { setTimeout as sleep } from 'node:timers/promises';
import { conflictError, isRetriableConflict } from './database-errors';

const MAX_ATTEMPTS = 10;
const BACKOFF_BASE_MS = 5;

/**
 * Runs `attempt` again, a little later each time, after a deadlock, a lock time-out or a failed certification.
 * @throws UNAVAILABLE when the conflicts do not end, and whatever else `attempt` throws
 */
export async function retryConflicts<T>(attempt: () => Promise<T>): Promise<T> {
  for (let count = 1; ; count += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!isRetriableConflict(error)) throw error;
      if (count >= MAX_ATTEMPTS) throw conflictError(error);
      await sleep(Math.random() * BACKOFF_BASE_MS * 2 ** count);
    }
  }
}

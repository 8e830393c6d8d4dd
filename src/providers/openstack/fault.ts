import { AppError } from '../../kernel';
import type { ServerFault } from './client';

/** A quota that was exceeded by two creations at once: the API had accepted both. */
const QUOTA_CODES: ReadonlySet<number> = new Set([403, 413]);
/**
 * Nova gives all other faults the code 500, so that this one is known by its text alone, which has been the same since
 * its first release and is not translated in faults. Source: nova.exception, NoValidHost and MaxRetriesExceeded.
 */
const NO_CAPACITY = /^(No valid host was found|Exceeded maximum number of retries)/;

/**
 * Why Nova gave a server up. Its own text stays in the cause: it names hosts.
 * @param fault null where Nova does not tell
 */
export function faultError(fault: ServerFault | null): AppError {
  const cause = fault === null ? undefined : new Error(`${fault.code}: ${fault.message}`);
  if (fault !== null && QUOTA_CODES.has(fault.code))
    return new AppError('RESOURCE_EXHAUSTED', 'The quota of the project on OpenStack is exceeded.', { cause });
  if (fault !== null && NO_CAPACITY.test(fault.message))
    return new AppError('RESOURCE_EXHAUSTED', 'OpenStack has no capacity left for this.', { cause });
  return new AppError('INTERNAL', 'OpenStack could not finish the work on the VM.', { cause });
}

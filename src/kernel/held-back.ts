import { AppError } from './app-error';

/** The reason in an error's details by which a call is known that was held back: nobody was asked. */
export const CIRCUIT_OPEN = 'CIRCUIT_OPEN';

/** UNAVAILABLE for a call that was not made, because its backend does not answer; another may be tried after `afterMs`. */
export function heldBackError(afterMs: number): AppError {
  return new AppError('UNAVAILABLE', 'The backend does not answer; calls are held back for a moment.', {
    details: { reason: CIRCUIT_OPEN, retryAfterMs: Math.ceil(afterMs) },
  });
}

/** How long a call that was held back is to wait, in milliseconds; null for every other error. */
export function heldBackMs(error: unknown): number | null {
  if (!(error instanceof AppError) || error.details?.['reason'] !== CIRCUIT_OPEN) return null;
  const afterMs = error.details['retryAfterMs'];
  return typeof afterMs === 'number' ? afterMs : 0;
}

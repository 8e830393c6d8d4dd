import { AppError } from '../../kernel';

/** The reason in the details of a refusal for the sake of the backend's rate limit. The request was not executed. */
export const THROTTLED = 'THROTTLED';

/**
 * What a plugin throws where the backend asked for fewer requests: 429, 503 with Retry-After, RequestLimitExceeded.
 * @param retryAfterMs what the backend asked to wait, in milliseconds; null where it did not say
 */
export function throttledError(retryAfterMs: number | null, cause?: unknown): AppError {
  return new AppError('UNAVAILABLE', 'The backend asks for fewer requests.', {
    details: { reason: THROTTLED, ...(retryAfterMs === null ? {} : { retryAfterMs }) },
    cause,
  });
}

export function isThrottled(error: unknown): error is AppError {
  return error instanceof AppError && error.details?.['reason'] === THROTTLED;
}

/** How long the error asks to wait, in milliseconds; null where it does not say. */
export function retryAfterOf(error: AppError): number | null {
  const told = error.details?.['retryAfterMs'];
  return typeof told === 'number' ? told : null;
}

/**
 * The header Retry-After (RFC 9110, section 10.2.3) in milliseconds from now: a number of seconds or a date. Null for
 * what is neither.
 */
export function parseRetryAfter(header: string | null | undefined, now: number = Date.now()): number | null {
  const text = header?.trim() ?? '';
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000;
  // Dates begin with the day's name; Date.parse would take much more for one.
  const date = /^[A-Za-z]{3,9},? /.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}

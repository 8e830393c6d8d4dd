import { AppError } from '../../src/kernel';
import type { ErrorCode } from '../../src/kernel';

/** Errors are asserted by their code alone: that is all that callers may act upon. */
export async function rejection(promise: Promise<unknown>): Promise<AppError> {
  const thrown = await promise.then(
    (value) => new Error(`It was to fail, and answered ${JSON.stringify(value)}.`),
    (error: unknown) => error,
  );
  if (thrown instanceof AppError) return thrown;
  throw thrown;
}

export async function expectCode(promise: Promise<unknown>, ...codes: ErrorCode[]): Promise<AppError> {
  const error = await rejection(promise);
  expect(codes).toContain(error.code);
  return error;
}

/** Of calls made at once, those that were refused may be repeated by their caller. */
export function expectRetryableRefusals(results: readonly PromiseSettledResult<unknown>[]): void {
  for (const result of results) {
    if (result.status === 'fulfilled') continue;
    if (!(result.reason instanceof AppError)) throw result.reason;
    expect({ code: result.reason.code, retryable: result.reason.retryable }).toMatchObject({
      retryable: true,
    });
  }
}

import { LibvirtTimeoutError } from '../errors';

/**
 * The promise's outcome, unless the time runs out or the signal fires first; the promise itself goes on.
 * @throws LibvirtTimeoutError, the signal's reason, or what the promise throws
 */
export function whicheverFirst<T>(promise: Promise<T>, timeoutMs: number, signal?: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const onAbort = (): void => reject(signal?.reason as Error);
    const onTime = (): void =>
      reject(new LibvirtTimeoutError(`No connection within ${timeoutMs} ms.`, timeoutMs, false));
    const timer = setTimeout(onTime, timeoutMs);
    if (signal?.aborted) onAbort();
    signal?.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    });
  });
}

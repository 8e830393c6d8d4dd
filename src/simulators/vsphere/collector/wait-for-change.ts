import type { ServiceCall } from '../service/service-method';
import { VimFault } from '../vim/fault';
import { notAuthenticated } from '../service/dispatcher';

/**
 * Resolves after the next change of the inventory or of the session, or after so many milliseconds. Changes of one
 * moment are waited for together. Rejects with the reason of `cancelled`, and when the session or the call ends.
 */
export function waitForChange(call: ServiceCall, cancelled: AbortSignal, ms: number | null): Promise<void> {
  return new Promise((resolve, reject) => {
    const ended = call.session?.signal;
    let soon: NodeJS.Immediate | null = null;
    const settle = (then: () => void) => {
      if (timer) clearTimeout(timer);
      if (soon) clearImmediate(soon);
      for (const stop of stops) stop();
      then();
    };
    const wake = () => {
      soon ??= setImmediate(() => settle(resolve));
    };
    const on = (signal: AbortSignal | undefined, reason: () => Error) => {
      const listener = () => settle(() => reject(reason()));
      if (signal?.aborted) setImmediate(listener);
      signal?.addEventListener('abort', listener, { once: true });
      return () => signal?.removeEventListener('abort', listener);
    };
    const timer = ms === null ? null : setTimeout(() => settle(resolve), ms);
    const stops = [
      call.store.onChange(wake),
      call.session?.onChange(wake) ?? (() => undefined),
      on(cancelled, () => cancelled.reason as Error),
      on(ended, () => notAuthenticated(call.self)),
      // The client has hung up, or the server ends: nobody hears of it.
      on(call.signal, () => new VimFault('RequestCanceled')),
    ];
  });
}

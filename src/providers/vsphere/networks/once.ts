import type { CallContext } from '../../contract';

/** Reads what does not change while one network is made or removed: once, however often it is asked for. */
export function once<T>(read: (context: CallContext) => Promise<T>): (context: CallContext) => Promise<T> {
  let answer: Promise<T> | null = null;
  return (context) => (answer ??= read(context));
}

import { LibvirtConnectionError, LibvirtTimeoutError } from '../errors';
import { procedureName } from '../procedures';
import type { Frame } from '../wire/frame';
import { FRAME_STATUS } from '../wire/frame';
import { XdrReader } from '../wire/xdr-reader';
import { decodeError } from '../codecs/error';
import type { Decode, Encode } from './caller';

/** One call from its submission to its answer. Settling it twice is harmless. */
export class PendingCall<T = unknown> {
  /** 0 while the call stands in the queue. */
  serial = 0;
  settled = false;
  private unsubscribe: (() => void) | null = null;

  constructor(
    readonly procedure: number,
    readonly encode: Encode,
    private readonly decode: Decode<T>,
    readonly timeoutMs: number,
    /** On the clock of `performance.now()`. */
    readonly deadline: number,
    private readonly resolve: (value: T) => void,
    private readonly reject: (error: unknown) => void,
  ) {}

  get sent(): boolean {
    return this.serial !== 0;
  }

  /** @param onAbort told after this call was rejected with the signal's reason */
  abortWith(signal: AbortSignal, onAbort: (call: PendingCall) => void): void {
    const listener = (): void => {
      this.fail(signal.reason);
      onAbort(this as PendingCall);
    };
    signal.addEventListener('abort', listener, { once: true });
    this.unsubscribe = () => signal.removeEventListener('abort', listener);
  }

  answer(frame: Frame): void {
    if (this.settled) return;
    try {
      const reader = new XdrReader(frame.payload);
      if (frame.status === FRAME_STATUS.ERROR) return this.fail(decodeError(reader));
      const value = this.decode(reader);
      this.settle();
      this.resolve(value);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      const message = `The reply to ${procedureName(this.procedure)} cannot be decoded: ${reason}`;
      this.fail(new LibvirtConnectionError(message, { retriable: false, requestSent: true, cause }));
    }
  }

  expire(): void {
    const message = `No answer to ${procedureName(this.procedure)} within ${this.timeoutMs} ms.`;
    this.fail(new LibvirtTimeoutError(message, this.timeoutMs, this.sent));
  }

  fail(error: unknown): void {
    if (this.settled) return;
    this.settle();
    this.reject(error);
  }

  private settle(): void {
    this.settled = true;
    this.unsubscribe?.();
    this.unsubscribe = null;
  }
}

import type { LibvirtConnectionError } from '../errors';
import type { CallOptions } from '../options';
import type { Frame } from '../wire/frame';
import { MalformedFrameError } from '../wire/frame';
import type { Decode, Encode } from './caller';
import { PendingCall } from './pending-call';

export interface CallTableOptions {
  readonly maxInFlight: number;
  readonly callTimeoutMs: number;
  /** Writes the call and sets its serial. @throws what the call's encoder throws */
  readonly send: (call: PendingCall) => void;
  /** Every place is held by a call that was given up and never answered. */
  readonly onStalled: () => void;
}

/**
 * The calls of one connection: those under way by serial, the others in a queue, first come, first served.
 * A call that was given up keeps its place until its answer comes: the server is still at work on it, and one
 * more would be one too many for it.
 */
export class CallTable {
  private readonly inFlight = new Map<number, PendingCall>();
  private queue: PendingCall[] = [];
  private queueHead = 0;
  private abandoned = 0;
  private timer: NodeJS.Timeout | null = null;
  private timerAt = Infinity;

  constructor(private readonly options: CallTableOptions) {}

  get inFlightCount(): number {
    return this.inFlight.size;
  }

  submit<T>(
    procedure: number,
    encode: Encode,
    decode: Decode<T>,
    options: CallOptions | undefined,
  ): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const signal = options?.signal;
      if (signal?.aborted) return reject(signal.reason as Error);
      const timeoutMs = options?.timeoutMs ?? this.options.callTimeoutMs;
      const deadline = performance.now() + timeoutMs;
      const call = new PendingCall(procedure, encode, decode, timeoutMs, deadline, resolve, reject);
      if (signal) call.abortWith(signal, (given) => this.abandon(given));
      this.schedule(deadline);
      if (this.inFlight.size < this.options.maxInFlight) this.start(call as PendingCall);
      else this.queue.push(call as PendingCall);
    });
  }

  /** @throws MalformedFrameError where no call of this connection has that serial and procedure */
  answer(frame: Frame): void {
    const call = this.inFlight.get(frame.serial);
    if (call === undefined || call.procedure !== frame.procedure) {
      throw new MalformedFrameError(
        `A reply to procedure ${frame.procedure}, serial ${frame.serial}, that nobody called.`,
      );
    }
    this.inFlight.delete(frame.serial);
    if (call.settled) this.abandoned -= 1;
    else call.answer(frame);
    this.pump();
  }

  /** Ends everything that is under way or waits. */
  failAll(error: LibvirtConnectionError): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    const waiting = this.queue.slice(this.queueHead);
    const sent = [...this.inFlight.values()];
    this.inFlight.clear();
    this.queue = [];
    this.queueHead = 0;
    for (const call of sent) call.fail(error.forCall(true));
    for (const call of waiting) call.fail(error.forCall(false));
  }

  private start(call: PendingCall): void {
    try {
      this.options.send(call);
      this.inFlight.set(call.serial, call);
    } catch (error) {
      call.fail(error);
    }
  }

  private pump(): void {
    while (this.inFlight.size < this.options.maxInFlight && this.queueHead < this.queue.length) {
      const call = this.queue[this.queueHead]!;
      this.queueHead += 1;
      if (!call.settled) this.start(call);
    }
    if (this.queueHead === this.queue.length) {
      this.queue.length = 0;
      this.queueHead = 0;
    } else if (this.queueHead >= 1024) {
      this.queue = this.queue.slice(this.queueHead);
      this.queueHead = 0;
    }
  }

  private abandon(call: PendingCall): void {
    if (!call.sent) return;
    this.abandoned += 1;
    // Not at once: one signal may be about to end the waiting calls too, and they shall see its reason.
    if (this.abandoned >= this.options.maxInFlight) queueMicrotask(() => this.options.onStalled());
  }

  /** One timer serves all calls: it is set for the earliest deadline and looks at them all when it fires. */
  private schedule(deadline: number): void {
    if (deadline >= this.timerAt) return;
    if (this.timer !== null) clearTimeout(this.timer);
    this.timerAt = deadline;
    this.timer = setTimeout(() => this.sweep(), Math.max(1, Math.ceil(deadline - performance.now())));
  }

  private sweep(): void {
    this.timer = null;
    this.timerAt = Infinity;
    const now = performance.now();
    let next = Infinity;
    for (const call of [...this.inFlight.values(), ...this.queue.slice(this.queueHead)]) {
      if (call.settled) continue;
      if (call.deadline > now) next = Math.min(next, call.deadline);
      else {
        call.expire();
        this.abandon(call);
      }
    }
    if (next < Infinity) this.schedule(next);
  }
}

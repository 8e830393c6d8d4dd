import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Placed } from '../../kernel';

/** One event as it is sent. */
export interface EventFrame {
  readonly position: number;
  /** Where to go on for whom this frame did not reach. */
  readonly behind: number;
  /** The payload of the message, in UTF-8. */
  readonly payload: Buffer;
}

/** What became of frames at one listener. */
export interface Taken {
  /** How many it wrote; what it had seen already is not among them. */
  readonly written: number;
  /** The position behind which it has to catch up by itself, because it has no room; null when it took all. */
  readonly behind: number | null;
}

/** One who is up to date. */
export interface Listener {
  take(frames: readonly EventFrame[]): Taken;
  /** No more will come from here: go on by yourself behind that position, or not at all when it is null. */
  dismiss(behind: number | null): void;
}

interface LiveDeliveryOptions {
  /** What happens behind `after`. */
  readonly follow: (after: number, signal: AbortSignal) => AsyncGenerator<Placed<unknown>, void>;
  readonly render: (placed: Placed<unknown>) => Promise<Buffer>;
  /** The payload that tells of a failed source. */
  readonly renderFailure: (error: unknown) => Buffer;
  readonly onDelivered: (count: number) => void;
}

/** Frames that may wait until all listeners were served with those before. */
const MAX_PENDING = 64;
const MAX_PENDING_BYTES = 64 * 1024;
/** Listeners served before the others of this process get a turn. */
const SLICE = 250;
/** Behind every event. */
const END = Number.MAX_SAFE_INTEGER;

/**
 * Hands what happens to everyone who is up to date: each event is rendered once and then only copied. It holds a
 * few frames and no queue per listener: who has no room is sent away to catch up at its own pace.
 */
export class LiveDelivery {
  private readonly listeners = new Set<Listener>();
  private readonly stopped = new AbortController();
  private pending: EventFrame[] = [];
  private pendingBytes = 0;
  private flushing: Promise<void> | null = null;
  /** Of the newest frame made, and of the newest that is being handed out. */
  private made: number;
  private handedOut: number;
  private over = false;

  constructor(
    after: number,
    private readonly options: LiveDeliveryOptions,
  ) {
    this.made = after;
    this.handedOut = after;
    void this.run(after);
  }

  /** Whether who has seen all up to `after` can listen without a gap. */
  reaches(after: number): boolean {
    return !this.over && after >= this.handedOut;
  }

  get isOver(): boolean {
    return this.over;
  }

  add(listener: Listener): void {
    this.listeners.add(listener);
  }

  /** With its last listener it ends. */
  remove(listener: Listener): void {
    if (this.listeners.delete(listener) && this.listeners.size === 0) this.stop();
  }

  private stop(): void {
    this.over = true;
    this.stopped.abort();
  }

  private async run(after: number): Promise<void> {
    try {
      for await (const placed of this.options.follow(after, this.stopped.signal)) {
        this.push(placed.position, await this.options.render(placed), placed.lagged);
        if (this.isCrowded()) await this.flushing;
      }
    } catch (error) {
      this.push(END, this.options.renderFailure(error), true);
    }
    await this.flushing;
    this.stop();
    for (const listener of this.listeners) listener.dismiss(null);
    this.listeners.clear();
  }

  private isCrowded(): boolean {
    return this.pending.length >= MAX_PENDING || this.pendingBytes >= MAX_PENDING_BYTES;
  }

  private push(position: number, payload: Buffer, lagged: boolean): void {
    // What LAGGED tells of lies before its own position.
    this.pending.push({ position, payload, behind: lagged ? this.made : position - 1 });
    this.pendingBytes += payload.length;
    this.made = position;
    this.flushing ??= this.flush().finally(() => {
      this.flushing = null;
    });
  }

  private async flush(): Promise<void> {
    // What comes within one turn of the event loop goes out together.
    await nextTurn();
    while (this.pending.length > 0) {
      const frames = this.pending;
      this.pending = [];
      this.pendingBytes = 0;
      this.handedOut = this.made;
      await this.handOut(frames);
    }
  }

  private async handOut(frames: readonly EventFrame[]): Promise<void> {
    let served = 0;
    let delivered = 0;
    for (const listener of this.listeners) {
      const { written, behind } = listener.take(frames);
      delivered += written;
      if (behind !== null) {
        this.remove(listener);
        listener.dismiss(behind);
      }
      served += 1;
      if (served % SLICE === 0) await nextTurn();
    }
    this.options.onDelivered(delivered);
  }
}

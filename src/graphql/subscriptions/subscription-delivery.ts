import type { ExecutionResult } from 'graphql';
import type { ResumableSource } from '../../kernel';
import type { EventFrame, Listener, LiveDelivery, Taken } from './live-delivery';
import type { SharedOperation } from './shared-operation';
import type { SocketOutlet } from '../sockets/socket-outlet';

interface DeliveryOptions {
  /** The subscription's id on its socket. */
  readonly id: string;
  readonly source: ResumableSource<unknown>;
  readonly shared: SharedOperation;
  readonly outlet: SocketOutlet;
  /** Called once, when no more events will come. */
  readonly onEnd: () => void;
}

/** For how long what was read ahead is kept for a client that has no room. */
const PATIENCE_MS = 500;

type End = IteratorResult<ExecutionResult, void>;
const DONE: End = { done: true, value: undefined };
const TAIL = Buffer.from('}');

/**
 * One subscription. It catches up at its client's pace, then listens to what it shares with others, and catches up
 * again when its client had no room. It writes the frames itself: whoever iterates it only learns of the end.
 */
export class SubscriptionDelivery implements AsyncGenerator<ExecutionResult, void, void>, Listener {
  private readonly head: Buffer;
  private ended = false;
  private position: number;
  private catchingUp: AbortController | null = null;
  private live: LiveDelivery | null = null;
  private dismissed: ((behind: number | null) => void) | null = null;
  private running: Promise<End> | null = null;

  constructor(private readonly options: DeliveryOptions) {
    this.position = options.source.after;
    this.head = Buffer.from(`{"id":${JSON.stringify(options.id)},"type":"next","payload":`);
  }

  next(): Promise<End> {
    return (this.running ??= this.run());
  }

  return(): Promise<End> {
    this.end();
    return Promise.resolve(DONE);
  }

  async throw(error: unknown): Promise<End> {
    await this.return();
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  private end(): void {
    if (this.ended) return;
    this.ended = true;
    this.catchingUp?.abort();
    this.live?.remove(this);
    this.dismiss(null);
    this.options.onEnd();
  }

  private async run(): Promise<End> {
    try {
      await this.deliver();
    } catch (error) {
      if (!this.ended) this.write(this.options.shared.renderFailure(error));
    }
    this.end();
    return DONE;
  }

  private async deliver(): Promise<void> {
    const { shared } = this.options;
    let wasLive = false;
    this.live = shared.join(this.position, this);
    while (!this.ended) {
      if (this.live !== null) {
        const behind = await this.listen();
        if (behind === null) return;
        this.position = Math.max(this.position, behind);
        wasLive = true;
      }
      const reached = await this.catchUp(wasLive);
      if (reached === null || this.ended) return;
      this.position = reached;
      this.live = shared.joinOrBegin(reached, this);
    }
  }

  /** Until there is no room, or no more to come (null). */
  private async listen(): Promise<number | null> {
    const behind = await new Promise<number | null>((resolve) => {
      this.dismissed = resolve;
    });
    this.live = null;
    return behind;
  }

  dismiss(behind: number | null): void {
    this.dismissed?.(behind);
    this.dismissed = null;
  }

  take(frames: readonly EventFrame[]): Taken {
    if (frames.length === 1) return this.writeAll(frames);
    let taken: Taken = { written: 0, behind: null };
    this.options.outlet.together(() => {
      taken = this.writeAll(frames);
    });
    return taken;
  }

  private writeAll(frames: readonly EventFrame[]): Taken {
    let written = 0;
    for (const { position, payload, behind } of frames) {
      if (position <= this.position) continue;
      if (this.options.outlet.isFull) return { written, behind };
      this.write(payload);
      written += 1;
    }
    return { written, behind: null };
  }

  /** Answers the position reached, or null when no more will come. */
  private async catchUp(wasLive: boolean): Promise<number | null> {
    const { source, shared, outlet } = this.options;
    this.catchingUp = new AbortController();
    const { signal } = this.catchingUp;
    let missed = source.replay(this.position, { wasLive, signal });
    try {
      for (;;) {
        if (!(await outlet.roomWithin(PATIENCE_MS))) {
          // A page of events for each of thousands who do not read would be all there is of memory: it is read again.
          await missed.return(null);
          await outlet.room();
          missed = source.replay(this.position, { wasLive, signal });
        }
        if (this.ended) return null;
        const next = await missed.next();
        if (next.done === true) return next.value;
        const payload = await shared.render(next.value);
        if (this.ended) return null;
        this.write(payload);
        shared.countDelivered(1);
        this.position = next.value.position;
      }
    } finally {
      this.catchingUp = null;
      await missed.return(null);
    }
  }

  private write(payload: Buffer): void {
    this.options.outlet.write([this.head, payload, TAIL]);
  }
}

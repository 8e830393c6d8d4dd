import type { Placed, ResumableSource } from '../../kernel';
import { type Listener, LiveDelivery } from './live-delivery';
import type { RenderedEvents } from './rendered-events';

export interface SharedOperationOptions {
  readonly key: string;
  /** The one of the first subscriber; equal keys have equal ones. */
  readonly source: ResumableSource<unknown>;
  /** Runs the selection set on an event; the answer is the payload of the message, in UTF-8. */
  readonly execute: (event: unknown) => Promise<Buffer>;
  readonly renderFailure: (error: unknown) => Buffer;
  readonly rendered: RenderedEvents;
  readonly onDelivered: (count: number) => void;
}

/** What equal subscriptions have in common: what an event looks like to them, and what happens now. */
export class SharedOperation {
  subscribers = 0;
  private live: LiveDelivery | null = null;

  constructor(private readonly options: SharedOperationOptions) {}

  get key(): string {
    return this.options.key;
  }

  /** News of a lag stands at the position of another event and concerns one subscriber: it is not kept. */
  render({ value, position, lagged }: Placed<unknown>): Promise<Buffer> {
    const { execute, rendered, key } = this.options;
    if (lagged) return execute(value);
    return rendered.get(`${position} ${key}`, () => execute(value));
  }

  renderFailure(error: unknown): Buffer {
    return this.options.renderFailure(error);
  }

  countDelivered(count: number): void {
    this.options.onDelivered(count);
  }

  /** Lets who has seen all up to `after` listen, if that is without a gap. */
  join(after: number, listener: Listener): LiveDelivery | null {
    if (this.live?.reaches(after) !== true) return null;
    this.live.add(listener);
    return this.live;
  }

  /** The same for one who has just caught up: when nobody is listening yet, it is the first. */
  joinOrBegin(after: number, listener: Listener): LiveDelivery | null {
    const { source, onDelivered } = this.options;
    if (this.live === null || this.live.isOver) {
      this.live = new LiveDelivery(after, {
        follow: source.follow.bind(source),
        render: this.render.bind(this),
        renderFailure: this.renderFailure.bind(this),
        onDelivered,
      });
    }
    return this.join(after, listener);
  }
}

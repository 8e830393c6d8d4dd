import type { Placed, ResumableSource } from '../../kernel';
import type { SocketOutlet } from '../sockets/socket-outlet';
import { RenderedEvents } from './rendered-events';
import { SharedOperation } from './shared-operation';
import { SubscriptionDelivery } from './subscription-delivery';

/** Nothing to catch up with; what happens next, happens when it is told to, all at once. */
class Source implements ResumableSource<number> {
  readonly topic = 'numbers';
  tell = (_positions: readonly number[]): void => undefined;
  private readonly told = new Promise<readonly number[]>((resolve) => {
    this.tell = resolve;
  });

  constructor(readonly after: number) {}

  // eslint-disable-next-line require-yield -- everyone is up to date
  async *replay(after: number): AsyncGenerator<Placed<number>, number> {
    return Promise.resolve(after);
  }

  async *follow(): AsyncGenerator<Placed<number>, void> {
    for (const position of await this.told) yield { value: position, position, lagged: false };
  }
}

class Outlet {
  readonly written: number[] = [];

  constructor(readonly isFull = false) {}

  together(work: () => void): void {
    work();
  }

  write([, payload]: readonly Buffer[]): void {
    this.written.push(Number(payload));
  }

  roomWithin(): Promise<boolean> {
    return Promise.resolve(!this.isFull);
  }

  room(): Promise<void> {
    return new Promise(() => undefined);
  }
}

test('counts what was written to each, and not what one knew already or had no room for', async () => {
  let delivered = 0;
  const source = new Source(0);
  const shared = new SharedOperation({
    ...{ key: 'all', source, rendered: new RenderedEvents() },
    execute: (event) => Promise.resolve(Buffer.from(String(event))),
    renderFailure: (error) => Buffer.from(String(error)),
    onDelivered: (count) => {
      delivered += count;
    },
  });
  const subscribe = (after: number, outlet: Outlet): Promise<unknown> =>
    new SubscriptionDelivery({
      ...{ id: '1', source: after === 0 ? source : new Source(after), shared, onEnd: () => undefined },
      outlet: outlet as unknown as SocketOutlet,
    }).next();
  const [first, ahead, crowded] = [new Outlet(), new Outlet(), new Outlet(true)];
  const ends = [subscribe(0, first)];
  await new Promise(setImmediate);
  ends.push(subscribe(2, ahead));
  void subscribe(0, crowded);
  source.tell([1, 2, 3]);
  await Promise.all(ends);
  expect([first.written, ahead.written, crowded.written]).toEqual([[1, 2, 3], [3], []]);
  expect(delivered).toBe(4);
});

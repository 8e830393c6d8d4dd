import { setTimeout as sleep } from 'node:timers/promises';
import type { Placed, ResumableSource } from '../../kernel';
import { RenderedEvents } from './rendered-events';
import { SharedOperation } from './shared-operation';
import type { SocketOutlet } from '../sockets/socket-outlet';
import { SubscriptionDelivery } from './subscription-delivery';

const LAST = 6;

/** Events 1 to 6, of which it reads all ahead and then ends. */
class Source implements ResumableSource<number> {
  readonly after = 0;
  readonly topic = 'numbers';
  /** Readings begun and not let go of. */
  open = 0;
  begunAt: number[] = [];

  async *replay(after: number): AsyncGenerator<Placed<number>, null> {
    this.open += 1;
    this.begunAt.push(after);
    try {
      for (let position = after + 1; position <= LAST; position += 1) {
        yield await Promise.resolve({ value: position, position, lagged: false });
      }
      return null;
    } finally {
      this.open -= 1;
    }
  }

  // eslint-disable-next-line require-yield -- nobody comes so far
  async *follow(): AsyncGenerator<Placed<number>, void> {
    await Promise.reject(new Error('Nobody is up to date here.'));
  }
}

test('keeps nothing that was read ahead for a client that has no room, and goes on where it was', async () => {
  const written: number[] = [];
  let makeRoom = (): void => undefined;
  const full = new Promise<void>((resolve) => {
    makeRoom = resolve;
  });
  const outlet = {
    isFull: false,
    room: () => (written.length === 2 ? full : Promise.resolve()),
    roomWithin: () => Promise.resolve(written.length !== 2),
    write: ([, payload]: readonly Buffer[]) => written.push(Number(payload)),
  };
  const source = new Source();
  const shared = new SharedOperation({
    ...{ key: 'all', source, rendered: new RenderedEvents() },
    execute: (event) => Promise.resolve(Buffer.from(String(event))),
    renderFailure: (error) => Buffer.from(String(error)),
    onDelivered: () => undefined,
  });
  const delivery = new SubscriptionDelivery({
    ...{ id: '1', source, shared, onEnd: () => undefined },
    outlet: outlet as unknown as SocketOutlet,
  });
  const end = delivery.next();
  await sleep(10);
  expect(written).toEqual([1, 2]);
  expect(source.open).toBe(0);
  makeRoom();
  await end;
  expect(written).toEqual([1, 2, 3, 4, 5, 6]);
  expect(source.begunAt).toEqual([0, 2]);
  expect(source.open).toBe(0);
});

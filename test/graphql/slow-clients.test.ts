import type { WebSocket } from 'ws';
import { SocketOutlet } from '../../src/graphql/sockets/socket-outlet';
import { until } from '../support/until';
import { EventGateway } from './event-gateway';
import { EventReader } from './event-reader';
import { RawSocket } from './raw-socket';

let gateway: EventGateway;
afterEach(async () => {
  jest.restoreAllMocks();
  await gateway.close();
});

const PATIENCE_MS = 150_000;
const ADMIN = 'admin::';
/** Events that do not fit into what the system holds for a socket: 20 MB of them. */
const EVENTS = 400;
const PAD = 'x'.repeat(50_000);
const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

/** The most that ever waited for one socket in this process. */
function watchBuffers(): () => number {
  let most = 0;
  const write = SocketOutlet.prototype.write;
  jest.spyOn(SocketOutlet.prototype, 'write').mockImplementation(function (this: SocketOutlet, pieces) {
    write.call(this, pieces);
    most = Math.max(most, (this as unknown as { socket: WebSocket }).socket.bufferedAmount);
  });
  return () => most;
}

/** One who stops to read, and one who goes on. */
async function slowAndQuick(): Promise<{ slow: EventReader; quick: EventReader; socket: RawSocket }> {
  const [slow, quick] = [new EventReader(gateway, ADMIN), new EventReader(gateway, ADMIN)];
  const socket = await slow.connect();
  await quick.connect();
  await until(
    () => gateway.metric('hypergate_subscriptions_active'),
    (active) => active === 2,
    PATIENCE_MS,
  );
  await gateway.emit([null]);
  await until(() => slow.numbers.length === 1);
  socket.socket.pause();
  return { slow, quick, socket };
}

async function emitALot(quick: EventReader): Promise<void> {
  for (let count = 1; count < EVENTS; count += 1) await gateway.emit([null], PAD);
  await until(
    () => quick.numbers.length,
    (length) => length === EVENTS,
    PATIENCE_MS,
  );
}

describe('a client that stops to read', () => {
  it('costs a bounded buffer, holds up nobody, and misses nothing when it goes on', async () => {
    gateway = await EventGateway.start();
    const most = watchBuffers();
    const { slow, quick, socket } = await slowAndQuick();
    await emitALot(quick);
    expect(slow.numbers).toEqual([1]);
    expect(most()).toBeLessThan(256 * 1024);
    socket.socket.resume();
    await until(
      () => slow.numbers.length,
      (length) => length === EVENTS,
      PATIENCE_MS,
    );
    for (const { numbers, lags } of [slow, quick]) expect([numbers, lags]).toEqual([range(EVENTS), 0]);
    expect(most()).toBeLessThan(256 * 1024);
  }, 240_000);

  it('is moved on and told so when it is too far behind', async () => {
    gateway = await EventGateway.start({ maxBacklog: 50 });
    const { slow, quick, socket } = await slowAndQuick();
    await emitALot(quick);
    socket.socket.resume();
    await until(
      () => slow.numbers.at(-1),
      (last) => last === EVENTS,
      PATIENCE_MS,
    );
    expect(slow.lags).toBeGreaterThan(0);
    expect(slow.numbers.length).toBeLessThan(EVENTS);
    expect(slow.numbers).toEqual([...new Set(slow.numbers)].sort((a, b) => a - b));
    await gateway.emit([null]);
    await until(
      () => slow.numbers.at(-1),
      (last) => last === EVENTS + 1,
      PATIENCE_MS,
    );
    expect(quick.lags).toBe(0);
  }, 240_000);

  it('is closed when it takes nothing for too long, and the others stay', async () => {
    gateway = await EventGateway.start({ timings: { stallMs: 200 } });
    const { quick } = await slowAndQuick();
    await emitALot(quick);
    await until(
      () => gateway.metric('hypergate_websockets_open'),
      (open) => open === 1,
      PATIENCE_MS,
    );
    expect(await gateway.metric('hypergate_subscriptions_active')).toBe(1);
    await gateway.emit([null]);
    await until(
      () => quick.numbers.at(-1),
      (last) => last === EVENTS + 1,
      PATIENCE_MS,
    );
  }, 240_000);

  it('is closed when it goes on to ask', async () => {
    gateway = await EventGateway.start();
    const socket = await RawSocket.ready(gateway, ADMIN);
    socket.socket.pause();
    const payload = { pad: 'x'.repeat(60_000) };
    for (let count = 0; count < EVENTS; count += 1) socket.send({ type: 'ping', payload });
    await until(
      () => gateway.metric('hypergate_websockets_open'),
      (open) => open === 0,
      PATIENCE_MS,
    );
  }, 240_000);
});

describe('the number of sockets', () => {
  it('of one tenant is limited; of another one, and of the administrator, it is not touched by that', async () => {
    gateway = await EventGateway.start({ limits: { maxSocketsPerTenant: 2 } });
    const [acme, bolt] = [await gateway.tenant('acme'), await gateway.tenant('bolt')];
    const first = await RawSocket.ready(gateway, gateway.token(acme));
    await RawSocket.ready(gateway, gateway.token(acme, 'OWNER'));
    const refused = await RawSocket.open(gateway);
    refused.send({ type: 'connection_init', payload: { authorization: gateway.token(acme) } });
    expect(await refused.closed).toEqual({
      code: 1013,
      reason: 'RESOURCE_EXHAUSTED: this tenant has too many WebSockets open',
    });
    await RawSocket.ready(gateway, gateway.token(bolt));
    for (let count = 0; count < 3; count += 1) await RawSocket.ready(gateway, ADMIN);
    first.socket.close();
    await until(
      () => gateway.metric('hypergate_websockets_open'),
      (open) => open === 5,
    );
    await RawSocket.ready(gateway, gateway.token(acme));
  });

  it('that have shown no token is limited', async () => {
    gateway = await EventGateway.start({ limits: { maxPendingSockets: 2 } });
    const waiting = await RawSocket.open(gateway);
    await RawSocket.open(gateway);
    await expect(RawSocket.open(gateway)).rejects.toThrow('429');
    waiting.send({ type: 'connection_init', payload: { authorization: ADMIN } });
    expect(await waiting.next()).toEqual({ type: 'connection_ack' });
    await RawSocket.open(gateway);
  });
});

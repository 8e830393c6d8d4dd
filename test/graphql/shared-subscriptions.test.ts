import { requireScope } from '../../src/graphql';
import { TaskResolver } from '../../src/tasks';
import { VmResolver } from '../../src/vms';
import { until } from '../support/until';
import { EventGateway, TASK_EVENTS } from './event-gateway';
import { EventReader } from './event-reader';
import { RawSocket } from './raw-socket';

let gateway: EventGateway;
afterEach(async () => {
  jest.restoreAllMocks();
  await gateway.close();
});

const PATIENCE_MS = 150_000;
const ADMIN = 'admin::';
const range = (count: number, from = 1): number[] =>
  Array.from({ length: count }, (_, index) => from + index);

async function readers(count: number, token: string): Promise<EventReader[]> {
  const made = range(count).map(() => new EventReader(gateway, token));
  await Promise.all(made.map((reader) => reader.connect()));
  return made;
}

async function subscribed(count: number): Promise<void> {
  await until(
    () => gateway.metric('hypergate_subscriptions_active'),
    (active) => active === count,
    PATIENCE_MS,
  );
}

async function have(all: readonly EventReader[], count: number): Promise<void> {
  await until(
    () => Math.min(...all.map(({ numbers }) => numbers.length)),
    (least) => least >= count,
    PATIENCE_MS,
  );
}

describe('equal subscriptions', () => {
  it('are executed once for all of them', async () => {
    gateway = await EventGateway.start();
    const acme = await gateway.tenant('acme');
    const executed = jest.spyOn(TaskResolver.prototype, 'taskEvents');
    const all = await readers(20, gateway.token(acme));
    await subscribed(20);
    expect(await gateway.metric('hypergate_subscriptions_distinct')).toBe(1);
    await gateway.emit(Array<string>(10).fill(acme));
    await have(all, 10);
    for (const { numbers } of all) expect(numbers).toEqual(range(10));
    expect(executed).toHaveBeenCalledTimes(10);
    expect(await gateway.metric('hypergate_subscription_events_delivered_total')).toBe(200);
    for (const reader of all) reader.drop();
    await subscribed(0);
    expect(await gateway.metric('hypergate_subscriptions_distinct')).toBe(0);
  });

  it('are told an error of one event alike, and go on', async () => {
    gateway = await EventGateway.start();
    const acme = await gateway.tenant('acme');
    const broken = 'subscription { vmEvents { vm { backend { name } } } }';
    const sockets = await Promise.all(range(3).map(() => RawSocket.ready(gateway, gateway.token(acme))));
    for (const socket of sockets) socket.subscribe('1', broken);
    await subscribed(3);
    for (let event = 0; event < 2; event += 1) {
      await gateway.emitVm(acme, { id: 'vm_1', backendId: 'bck_gone' });
      const messages = await Promise.all(sockets.map((socket) => socket.next()));
      for (const message of messages) {
        expect(message).toEqual(messages[0]);
        expect(message.payload?.errors?.[0]?.extensions).toMatchObject({ code: 'INTERNAL' });
        expect(message.payload?.errors?.[0]?.extensions.requestId).toEqual(expect.any(String));
      }
    }
  });

  it('share nothing with those of another role', async () => {
    gateway = await EventGateway.start();
    const acme = await gateway.tenant('acme');
    jest
      .spyOn(VmResolver.prototype, 'availableActions')
      .mockImplementation((_vm, context) => [
        { action: 'START', allowed: requireScope(context).allows('OPERATOR'), reason: null },
      ]);
    const told = async (token: string): Promise<RawSocket> => {
      const socket = await RawSocket.ready(gateway, token);
      const query =
        'subscription ($of: ID) { vmEvents(tenantId: $of) { vm { availableActions { allowed } } } }';
      socket.subscribe('1', query, { of: acme });
      return socket;
    };
    const tokens = [gateway.token(acme, 'VIEWER'), gateway.token(acme, 'OPERATOR'), ADMIN];
    const sockets = await Promise.all(tokens.map(told));
    await subscribed(3);
    expect(await gateway.metric('hypergate_subscriptions_distinct')).toBe(3);
    await gateway.emitVm(acme, { id: 'vm_1' });
    const allowed = await Promise.all(sockets.map(async (socket) => JSON.stringify(await socket.next())));
    expect(allowed.map((text) => text.includes('"allowed":true'))).toEqual([false, true, true]);
  });

  it('of two tenants and the administrator never cross, over 10,000 mixed events', async () => {
    gateway = await EventGateway.start();
    const [acme, bolt] = [await gateway.tenant('acme'), await gateway.tenant('bolt')];
    const [ours, theirs, all] = await Promise.all([
      readers(3, gateway.token(acme)),
      readers(3, gateway.token(bolt)),
      readers(2, ADMIN),
    ]);
    await subscribed(8);
    const owners = range(10_000).map((number) => (number % 3 === 0 ? acme : number % 7 === 0 ? null : bolt));
    for (let from = 0; from < owners.length; from += 500) await gateway.emit(owners.slice(from, from + 500));
    const numbersOf = (owner: string): number[] =>
      range(10_000).filter((number) => owners[number - 1] === owner);
    await have(all, 10_000);
    await have(ours, numbersOf(acme).length);
    await have(theirs, numbersOf(bolt).length);
    for (const reader of ours)
      expect([[...reader.tenants], reader.numbers]).toEqual([[acme], numbersOf(acme)]);
    for (const reader of theirs)
      expect([[...reader.tenants], reader.numbers]).toEqual([[bolt], numbersOf(bolt)]);
    for (const reader of all) expect(reader.numbers).toEqual(range(10_000));
  }, 240_000);

  it('survive a storm of reconnections without a gap or a double', async () => {
    gateway = await EventGateway.start();
    const all = await readers(100, ADMIN);
    await subscribed(100);
    let writing = true;
    const written = (async () => {
      let count = 0;
      for (; writing; count += 5) {
        await gateway.emit(Array<null>(5).fill(null));
        // Each event goes to a hundred: events without a pause would cost time and tell nothing more.
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      return count;
    })();
    for (let storm = 1; storm <= 3; storm += 1) {
      await have(all, storm * 20);
      for (const reader of all) reader.drop();
      await Promise.all(all.map((reader) => reader.connect()));
    }
    writing = false;
    const count = await written;
    await have(all, count);
    for (const { numbers, lags } of all) expect([numbers, lags]).toEqual([range(count), 0]);
  }, 240_000);

  it('go on for the others when the token of one is revoked', async () => {
    gateway = await EventGateway.start({ timings: { recheckMs: 10 } });
    const acme = await gateway.tenant('acme');
    const [lost, kept] = [gateway.token(acme, 'VIEWER', 'lost'), gateway.token(acme, 'VIEWER', 'kept')];
    const [theirs, ours] = [await RawSocket.ready(gateway, lost), new EventReader(gateway, kept)];
    theirs.subscribe('1', TASK_EVENTS);
    await ours.connect();
    await subscribed(2);
    expect(await gateway.metric('hypergate_subscriptions_distinct')).toBe(1);
    gateway.revoke(lost);
    expect((await theirs.closed).code).toBe(4403);
    await subscribed(1);
    await gateway.emit([acme, acme]);
    await have([ours], 2);
  });
});

import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { until } from '../../support/until';
import { GatewayClient } from '../support/gateway-client';
import { GatewayOnVcenter, TEMPLATE } from '../support/gateway-on-vcenter';
import { ADMIN_TOKEN } from '../support/gateway-process';
import type { GatewayHome } from '../support/gateway-process';
import { createVm, welcomeCustomer } from '../support/gateway-requests';
import type { Customer } from '../support/gateway-requests';
import { startMariadb } from '../support/mariadb';
import type { Mariadb } from '../support/mariadb';
import { metricsOf } from '../support/seen-metrics';
import { startPeer } from '../support/start-peer';
import type { Peer } from '../support/start-peer';
import { followTask } from '../support/task-follower';
import { expectWholeHistory } from '../support/task-history';

jest.setTimeout(120_000);

let mariadb: Mariadb;
let nginx: Peer;
let stage: GatewayOnVcenter;
let other: GatewayHome;
let customer: Customer;
/** Speaks through nginx. */
let outside: GatewayClient;
const closers: (() => Promise<void>)[] = [];

/** @param out the gateway that is to get no more requests */
async function putBehindNginx(out: GatewayHome | null = null): Promise<void> {
  const servers = [stage.home, other].map(
    (home) => `server ${new URL(home.url).host}${home === out ? ' down' : ''};\n`,
  );
  await writeFile(join(nginx.dir, 'upstream.conf'), servers.join(''));
  await nginx.run('reload');
}

beforeAll(async () => {
  [mariadb, nginx] = await Promise.all([startMariadb(), startPeer('nginx')]);
  closers.push(
    () => mariadb.stop(),
    () => nginx.stop(),
  );
  stage = await GatewayOnVcenter.make(
    { taskMs: 300 },
    {
      ...{ database: { type: 'mysql', url: mariadb.url }, server: { trustProxy: true } },
      // Nobody is killed here: a lease that runs out on a busy machine would only look like it.
      tasks: { leaseMs: 30_000, heartbeatMs: 1_000 },
    },
  );
  closers.push(() => stage.remove());
  other = await stage.replica();
  closers.push(() => other.remove());
  await Promise.all([stage.home.start(), other.start()]);
  await putBehindNginx();
  outside = new GatewayClient(() => nginx.address, ADMIN_TOKEN);
  await until(() => outside.request('{ viewer { actor } }').catch(() => null), Boolean, 10_000, 50);
  await stage.backendIs('ONLINE');
  customer = await welcomeCustomer(outside, { backend: 'dc', imageRef: TEMPLATE });
});

afterAll(async () => {
  for (const close of closers.reverse()) await close();
});

/**
 * One request on a connection of its own: one that is kept alive may be closed by nginx at any time, also when it is
 * reloaded, which is between it and its clients.
 * @returns the answer's status
 */
async function ask(): Promise<number | undefined> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${ADMIN_TOKEN}` };
  const call = request(`${nginx.address}/graphql`, { method: 'POST', headers, agent: false });
  call.end(JSON.stringify({ query: '{ tenants { nodes { id } } }' }));
  const [answer] = (await once(call, 'response')) as [IncomingMessage];
  answer.resume();
  await once(answer, 'end');
  return answer.statusCode;
}

/** Asks without a pause until told to stop. @returns the answers by their status; a failure is thrown */
function keepAsking(): () => Promise<Record<number, number>> {
  let asking = true;
  const answers: Record<number, number> = {};
  const asked = (async () => {
    while (asking) {
      const status = (await ask()) ?? 0;
      answers[status] = (answers[status] ?? 0) + 1;
    }
  })();
  asked.catch(() => undefined);
  return async () => {
    asking = false;
    await asked;
    return answers;
  };
}

/** How many WebSockets each gateway has. */
const sockets = (): Promise<(number | undefined)[]> =>
  Promise.all(
    [stage.home, other].map(async (home) => (await metricsOf(home.url)).get('hypergate_websockets_open')),
  );

test('requests and subscriptions reach both gateways, and what watches them stays inside', async () => {
  const VIEWER = 'subscription { vmEvents { kind } }';
  const sources = Array.from({ length: 4 }, () => customer.operator.subscribe(VIEWER));
  const firsts = sources.map((source) => source.next().catch(() => null));
  await until(sockets, (counts) => counts.every((count) => count === 2), 10_000, 50);
  for (const source of sources) await source.close();
  await Promise.all(firsts);
  expect((await fetch(`${nginx.address}/metrics`)).status).toBe(404);
  expect((await fetch(`${nginx.address}/healthz`)).status).toBe(200);
});

test('one gateway is taken out while clients are served, and streams go on at the other one', async () => {
  const sizes = { memoryMib: 256, diskGib: 1, powerOn: true };
  const names = ['a', 'b', 'c', 'd'];
  const vms = await Promise.all(
    names.map((name) =>
      createVm(customer.operator, { name, templateId: customer.templateId, backend: 'dc', ...sizes }),
    ),
  );
  const stops = [keepAsking(), keepAsking()];
  const followed = vms.map(({ taskId }) => followTask(customer.operator, taskId));
  await until(sockets, ([count = 0]) => count > 0, 10_000, 20);
  await putBehindNginx(stage.home);
  expect(await stage.home.process.stop('SIGTERM')).toEqual({ code: 0, signal: null });
  const histories = await Promise.all(followed);
  for (const stop of stops) expect(Object.keys(await stop())).toEqual(['200']);
  for (const events of histories) await expectWholeHistory(customer.operator, events);
});

test('one that comes back is used again', async () => {
  await stage.home.start();
  await putBehindNginx();
  const source = customer.operator.subscribe('subscription { vmEvents { kind } }');
  const another = customer.operator.subscribe('subscription { vmEvents { kind } }');
  const firsts = [source, another].map((one) => one.next().catch(() => null));
  await until(sockets, (counts) => counts.every((count) => count === 1), 10_000, 50);
  for (const one of [source, another]) await one.close();
  await Promise.all(firsts);
});

import { openDatabase } from '../../../src/database';
import type { Database } from '../../../src/database';
import { newId } from '../../../src/kernel';
import { TABLES } from '../../../src/gateway/tables';
import { GatewayOnVcenter, TEMPLATE } from '../support/gateway-on-vcenter';
import type { EventSource } from '../support/gateway-client';
import type { GatewayHome } from '../support/gateway-process';
import { createVm, welcomeCustomer } from '../support/gateway-requests';
import type { Customer } from '../support/gateway-requests';
import { startMariadb } from '../support/mariadb';
import type { Mariadb } from '../support/mariadb';
import { startPeer } from '../support/start-peer';
import type { Peer } from '../support/start-peer';
import { followTask } from '../support/task-follower';

jest.setTimeout(180_000);

const EVENTS = 10_000;
/** So many are written in one transaction. */
const BATCH = 500;
const TOPICS = ['TASK', 'VM'] as const;
type Topic = (typeof TOPICS)[number];

const SUBSCRIPTIONS: Readonly<Record<Topic, string>> = {
  TASK: 'subscription { taskEvents { kind at task { id } } }',
  VM: 'subscription { vmEvents { kind at vm { id } } }',
};

interface OutboxRow {
  readonly topic: Topic;
  readonly subjectId: string;
  readonly tenantId: string;
  readonly at: number;
  readonly payload: { readonly id: string };
}

let mariadb: Mariadb;
let redis: Peer;
let stage: GatewayOnVcenter;
let other: GatewayHome;
let database: Database;
const customers: Customer[] = [];
const closers: (() => Promise<void>)[] = [];

beforeAll(async () => {
  [mariadb, redis] = await Promise.all([startMariadb(), startPeer('redis')]);
  closers.push(
    () => mariadb.stop(),
    () => redis.stop(),
  );
  const config = { type: 'mysql', url: mariadb.url } as const;
  stage = await GatewayOnVcenter.make({ taskMs: 20 }, { database: config, redis: { url: redis.address } });
  closers.push(() => stage.remove());
  other = await stage.replica();
  closers.push(() => other.remove());
  await Promise.all([stage.home.start(), other.start()]);
  await stage.backendIs('ONLINE');
  database = await openDatabase(config, TABLES);
  closers.push(() => database.close());
});

afterAll(async () => {
  for (const close of closers.reverse()) await close();
});

/** One real event of each topic, to write others like it. */
async function modelsOf({ tenantId, templateId, operator }: Customer): Promise<readonly OutboxRow[]> {
  const sizes = { memoryMib: 256, diskGib: 1, powerOn: false };
  const { taskId } = await createVm(operator, { name: 'model', templateId, backend: 'dc', ...sizes });
  await followTask(operator, taskId);
  return Promise.all(
    TOPICS.map((topic) =>
      database.reader.findOneOrFail<OutboxRow>('Outbox', {
        where: { topic, tenantId },
        order: { at: 'ASC' },
      }),
    ),
  );
}

/** Mixes both tenants and both topics. @returns whose each subject is: its tenant and its topic */
async function writeEvents(models: readonly OutboxRow[]): Promise<Map<string, string>> {
  const written = new Map<string, string>();
  while (written.size < EVENTS) {
    const rows = Array.from({ length: BATCH }, (_, index) => {
      const model = models[index % models.length]!;
      const subjectId = newId(model.topic === 'TASK' ? 'task' : 'vm');
      written.set(subjectId, `${model.tenantId} ${model.topic}`);
      const payload = { ...model.payload, id: subjectId };
      return { ...model, id: newId('event'), position: null, sequence: 1, subjectId, payload };
    });
    await database.transaction((session) => session.insert('Outbox', rows as never));
  }
  return written;
}

interface Subscriber {
  /** The tenant and the topic. */
  readonly key: string;
  readonly source: EventSource;
  readonly first: Promise<unknown>;
}

/** Each tenant on each gateway for each topic. */
function subscribeAll(): Subscriber[] {
  return customers.flatMap(({ tenantId, operator }) =>
    [stage.home, other].flatMap((home) =>
      TOPICS.map((topic) => {
        const source = operator.at(() => home.url).subscribe(SUBSCRIPTIONS[topic]);
        return { key: `${tenantId} ${topic}`, source, first: source.next() };
      }),
    ),
  );
}

/** A subscription begins at a moment that nobody is told: it has begun once it has heard of something new. */
async function untilAllHear(subscribers: readonly Subscriber[]): Promise<void> {
  let waiting = subscribers.length;
  for (const { first } of subscribers) void first.then(() => (waiting -= 1));
  for (let round = 0; waiting > 0; round += 1) {
    for (const { operator, templateId } of customers) {
      const sizes = { memoryMib: 256, diskGib: 1, powerOn: false };
      const input = { name: `first-${round}`, templateId, backend: 'dc', ...sizes };
      await followTask(operator, (await createVm(operator, input)).taskId);
    }
  }
}

/** What a subscriber hears of what was written, until it has heard as much as there is for it. */
async function hear({ key, source }: Subscriber, written: ReadonlyMap<string, string>): Promise<string[]> {
  const heard: string[] = [];
  const wanted = [...written.values()].filter((whose) => whose === key).length;
  while (heard.length < wanted) {
    const data = await source.next();
    const { kind, task, vm } = data.taskEvents ?? data.vmEvents;
    if (kind === 'LAGGED') throw new Error('Events are missing.');
    const { id } = (task ?? vm) as { id: string };
    // Some of what made it begin may still have been on its way.
    if (written.has(id)) heard.push(id);
  }
  await source.close();
  return heard;
}

test('of 10,000 mixed events on two gateways, each tenant hears its own, all of them, once', async () => {
  for (const slug of ['acme', 'umbrella']) {
    const realization = { backend: 'dc', imageRef: TEMPLATE };
    customers.push(await welcomeCustomer(stage.administrator, realization, slug));
  }
  const models = (await Promise.all(customers.map(modelsOf))).flat();
  const subscribers = subscribeAll();
  await untilAllHear(subscribers);
  const written = await writeEvents(models);
  const heard = await Promise.all(subscribers.map((subscriber) => hear(subscriber, written)));
  const crossings = subscribers.flatMap(({ key }, index) =>
    heard[index]!.filter((id) => written.get(id) !== key),
  );
  expect(crossings).toEqual([]);
  for (const ids of heard) expect(new Set(ids).size).toBe(EVENTS / 4);
});

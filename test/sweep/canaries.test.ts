import BetterSqlite3 from 'better-sqlite3';
import type { ApiClient } from '../support/api/api-client';
import { operate, operated, startVm, succeeded } from '../support/api/requests';
import { documentFor } from './schema-walk';
import { CANARY, makeWorld, rowsOf, SCHEMA } from './world';
import type { World } from './world';

/** Levels of objects that the walk goes down from each entry. */
const DEPTH = 3;

let world: World;
beforeAll(async () => {
  world = await makeWorld();
}, 30_000);
afterAll(() => world.gateway.close());

/** Asks every query of the schema for everything, as far as the walk goes; all that came back, as text. */
async function walk(client: ApiClient, kinds: readonly ('own' | 'open')[]): Promise<string> {
  const texts: string[] = [];
  for (const [coordinate, row] of rowsOf('query')) {
    const { text } = documentFor(SCHEMA, coordinate, DEPTH);
    const asked = {
      own: row.variables(world.ofA),
      open: coordinate.endsWith('s') ? {} : row.variables(world.ofA),
    };
    for (const kind of kinds) {
      const answer = await client.ask(text, asked[kind]);
      const bad = answer.errors.filter(({ path }) => !String(path?.at(-1)).endsWith('consoleLog'));
      texts.push(answer.text);
      if (kind === 'open' && !isBroken) expect([coordinate, bad]).toEqual([coordinate, []]);
    }
  }
  return texts.join('\n');
}

let isBroken = false;

const GUARDED = new Set(rowsOf('guarded').map(([coordinate]) => coordinate));

describe('a walk over the whole schema', () => {
  it('shows an administrator what B chose, so that it can be found where it is', async () => {
    const seen = await walk(world.admin, ['open']);
    for (const text of [
      CANARY,
      `${CANARY} Ltd`,
      `${CANARY}-label`,
      `${CANARY} value`,
      world.ofB.vm,
      world.ofB.task,
    ]) {
      expect(seen).toContain(text);
    }
  });

  it.each(['viewer', 'operator', 'owner'] as const)('shows the %s of A nothing of B', async (role) => {
    const client = world.a[role];
    const seen = await walk(client, ['open', 'own']);
    expect(seen).toContain(world.ofA.vm);
    expect(seen.toLowerCase()).not.toContain(CANARY);
    for (const id of Object.values(world.ofB)) {
      if (id.startsWith('bak_') || !id.includes('_')) continue;
      expect(seen).not.toContain(id);
    }
  });
});

/** Ids of B's that say by their form what they are. */
const idsOfB = (): string[] => [
  world.ofB.tenant,
  world.ofB.vm,
  world.ofB.task,
  world.ofB.network,
  world.ofB.template,
];

describe('streams', () => {
  // Once with what an event itself holds, and once with the objects around it, which have guards of their own.
  const cases = rowsOf('subscription').flatMap(([name]) => [2, 3].map((depth) => [name, depth] as const));

  it.each(cases)(
    'of %s, %d levels deep, carry only what is A’s while both are at work',
    async (name, depth) => {
      const { text } = documentFor(SCHEMA, name, depth, GUARDED);
      const client = world.a.operator.as(world.a.operator.token);
      const source = client.events(text, { after: world.ofA.firstCursor });
      await source.next();
      await operated(world.b.operator, 'rebootVm', { id: world.ofB.vm });
      const mine = `${name.split('.')[1]!.toLowerCase()}-${String(depth)}`;
      const { id, taskId } = await startVm(world.a.operator, { name: mine, templateId: world.ofA.template });
      // An event that a guard further in has spoilt ends the wait with its error.
      await source.until((data) => JSON.stringify(data).includes(name.includes('task') ? taskId : id));
      await source.close();
      const seen = client.received.join('\n').toLowerCase();
      expect(seen).not.toContain(CANARY);
      for (const id of idsOfB()) expect(seen).not.toContain(id);
    },
  );
});

describe('errors', () => {
  it('that A gets when it collides with B name nothing of B', async () => {
    const client = world.a.operator.as(world.a.operator.token);
    const { ofB } = world;
    const attempts: [string, object][] = [
      ['createNetwork', { backend: 'lab', name: `${'x'.repeat(9)}`, cidr: '10.2.0.0/24', mode: 'NAT' }],
      ['createVm', { name: 'x', templateId: ofB.template }],
      ['createVm', { name: 'x', templateId: world.ofA.template, networkIds: [ofB.network] }],
      ['startVm', { id: ofB.vm }],
      ['deleteNetwork', { id: ofB.network }],
      ['cancelTask', { id: ofB.task }],
      ['revokeApiToken', { id: ofB.apiToken }],
    ];
    for (const [mutation, input] of attempts) {
      const type = `${mutation[0]!.toUpperCase()}${mutation.slice(1)}Input`;
      await client.ask(`mutation ($input: ${type}!) { ${mutation}(input: $input) { __typename } }`, {
        input,
      });
    }
    expect(client.received).toHaveLength(attempts.length);
    expect(client.received.join('\n').toLowerCase()).not.toContain(CANARY);
  });
});

/** As if something else had gone wrong: rows of A that point at rows of B, and the other way round. */
function crossWire(): void {
  const { ofA, ofB } = world;
  const database = new BetterSqlite3(world.gateway.sqliteFile, { timeout: 5_000 });
  const run = (sql: string, ...values: string[]): void => {
    expect(database.prepare(sql).run(...values).changes).toBeGreaterThan(0);
  };
  run('UPDATE vm SET template_id = ? WHERE id = ?', ofB.template, ofA.vm);
  run('UPDATE vm_nic SET network_id = ? WHERE vm_id = ?', ofA.network, ofB.vm);
  run(
    "INSERT INTO vm_nic (vm_id, position, network_id, ip_addresses) VALUES (?, 7, ?, '[]')",
    ...[ofA.vm, ofB.network],
  );
  run('UPDATE task SET target_id = ? WHERE id = ?', ofB.vm, ofA.task);
  run('UPDATE task SET target_id = ?, lane = ?, lane_position = 99 WHERE id = ?', ofA.vm, ofA.vm, ofB.task);
  run('UPDATE task SET open = 1, available_at = 9000000000000000 WHERE id = ?', ofB.task);
  database.close();
}

describe('references across tenants, should there ever be any,', () => {
  it('lead A to nothing of B', async () => {
    const taskId = await operate(world.a.operator, 'stopVm', { id: world.ofA.vm, force: true });
    await succeeded(world.a.operator, taskId);
    crossWire();
    isBroken = true;
    for (const role of ['operator', 'owner', 'viewer'] as const) {
      const seen = await walk(world.a[role], ['open', 'own']);
      expect(seen.toLowerCase()).not.toContain(CANARY);
      expect(seen).not.toContain(world.ofB.task);
    }
    expect(world.gateway.log()).toContain('is not recorded');
    const text = documentFor(SCHEMA, 'Query.node', DEPTH).text;
    const crossed = await Promise.all(
      [world.ofA.vm, world.ofA.network, world.ofA.task].map((id) => world.admin.ask(text, { id })),
    );
    // The administrator is led there, which shows that the references are followed.
    for (const answer of crossed) expect(answer.text).toContain(CANARY);
  });
});

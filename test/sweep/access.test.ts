import { refusalOf } from '../support/api/event-source';
import type { ApiAnswer, Variables } from '../support/api/api-answer';
import type { ApiClient } from '../support/api/api-client';
import { makeEstate, unknownEstate } from './estate';
import type { Estate } from './estate';
import type { IdKind, LeastCaller, RowOf } from './row';
import { allFields, documentFor, idPaths, leadsToObjects } from './schema-walk';
import { makeWorld, ROWS, rowsOf, SCHEMA, withoutIds, withValue } from './world';
import type { World } from './world';

const CALLERS = ['viewer', 'operator', 'owner', 'administrator'] as const;
type Caller = (typeof CALLERS)[number];
const RANK: Readonly<Record<Caller, number>> = { viewer: 1, operator: 2, owner: 3, administrator: 4 };
const allows = (caller: Caller, least: LeastCaller): boolean =>
  RANK[caller] >= RANK[least.toLowerCase() as Caller];

let world: World;
beforeAll(async () => {
  world = await makeWorld();
}, 30_000);
afterAll(() => world.gateway.close());

const callerOfA = (caller: Caller): ApiClient => (caller === 'administrator' ? world.admin : world.a[caller]);

const ask = (client: ApiClient, coordinate: string, variables: Variables): Promise<ApiAnswer> =>
  client.ask(documentFor(SCHEMA, coordinate, 1, GUARDED).text, variables);

/** Fields that would refuse a part of the answer; they have tests of their own. */
const GUARDED = new Set(rowsOf('guarded').map(([coordinate]) => coordinate));

const codeOf = (answer: ApiAnswer): string => answer.errors[0]?.extensions.code ?? 'OK';

/** Ids of every kind that fits. */
function idsOf(kind: IdKind, estate: Pick<Estate, Exclude<IdKind, 'anything'>>): string[] {
  if (kind !== 'anything') return [estate[kind]];
  return [estate.tenant, estate.template, estate.network, estate.vm, estate.task, estate.apiToken];
}

/** Each id argument of the rows, as [coordinate, path, kind, row]. */
const entries = [...rowsOf('query'), ...rowsOf('mutation')];
const idArguments = entries.flatMap(([coordinate, row]) =>
  Object.entries(row.ids).map(([path, kind]) => [coordinate, path, kind, row] as const),
);

describe('the table', () => {
  const fields = allFields(SCHEMA);

  it('has a row for every field of the schema, and no other', () => {
    expect(Object.keys(ROWS).sort()).toEqual([...fields.keys()].sort());
  });

  it('says of every field whether it leads to other objects', () => {
    const inner = [...fields].filter(([name]) => !/^(Query|Mutation|Subscription)\./.test(name));
    const wrong = inner.filter(([name, field]) => {
      const kind = ROWS[name]?.kind;
      return kind === 'edge' || kind === 'shown' ? (kind === 'edge') !== leadsToObjects(field) : false;
    });
    expect(wrong.map(([name]) => name)).toEqual([]);
  });

  it('knows what every id among the arguments names', () => {
    for (const [name, row] of [...entries, ...rowsOf('subscription')]) {
      const known = Object.entries(row.ids).filter(([, kind]) => kind !== 'slug');
      expect([name, known.map(([path]) => path).sort()]).toEqual([name, idPaths(fields.get(name)!).sort()]);
    }
  });
});

describe('without a token', () => {
  it.each(entries)('%s answers UNAUTHENTICATED, before anything else', async (coordinate, row) => {
    for (const variables of [row.variables(world.ofA), row.variables({ ...world.ofA, ...unknownEstate() })]) {
      const { errors, data } = await ask(world.gateway.anonymous, coordinate, variables);
      expect(errors.map(({ extensions }) => extensions.code)).toEqual(['UNAUTHENTICATED']);
      expect(Object.values(data ?? {}).filter((value) => value !== null)).toEqual([]);
    }
  });

  it.each(rowsOf('subscription'))('%s finds the socket closed', async (coordinate, row) => {
    const source = world.gateway.anonymous.events(
      documentFor(SCHEMA, coordinate, 1).text,
      row.variables(world.ofA),
    );
    await expect(source.next()).rejects.toMatchObject({ code: 4401, reason: /UNAUTHENTICATED/ });
    await source.close();
  });

  it('the schema may be read', async () => {
    expect(await world.gateway.anonymous.data('{ __schema { queryType { name } } __typename }')).toBeTruthy();
  });
});

describe.each(['viewer', 'operator', 'owner'] as const)('a foreign id, for the %s of A,', (caller) => {
  it.each(idArguments)('%s(%s) answers as for an unknown one', async (coordinate, path, kind, row) => {
    const own = row.variables(world.ofA);
    const unknown = idsOf(kind, unknownEstate());
    for (const [index, foreign] of idsOf(kind, world.ofB).entries()) {
      const base = kind === 'slug' ? {} : own;
      const answers = await Promise.all(
        [foreign, unknown[index]!].map(async (id) => {
          const { status, errors, data } = await ask(
            callerOfA(caller),
            coordinate,
            withValue(base, path, id),
          );
          return withoutIds({ status, errors, data }, id);
        }),
      );
      expect(answers[0]).toBe(answers[1]);
      if (row.kind !== 'mutation') continue;
      const isTarget = path === 'input.id' || path === 'input.tenantId';
      const hidden = row.least === 'ADMINISTRATOR' ? 'PERMISSION_DENIED' : 'NOT_FOUND';
      expect(answers[0]).toContain(isTarget || allows(caller, row.least) ? hidden : 'PERMISSION_DENIED');
    }
  });

  it('tells nothing of what is there: the own answer differs', async () => {
    for (const [coordinate, row] of rowsOf('query')) {
      const answer = await ask(callerOfA(caller), coordinate, row.variables(world.ofA));
      expect([coordinate, codeOf(answer)]).toEqual([coordinate, 'OK']);
      expect(Object.values(answer.data)[0]).not.toBeNull();
    }
  });

  it.each(
    rowsOf('subscription').flatMap(([coordinate, row]) =>
      Object.entries(row.ids).map(([path, kind]) => [coordinate, path, kind] as const),
    ),
  )('%s(%s) is refused as for an unknown one', async (coordinate, path, kind) => {
    const { text } = documentFor(SCHEMA, coordinate, 1);
    const refusals = [];
    for (const [id] of [idsOf(kind, world.ofB), idsOf(kind, unknownEstate())]) {
      const errors = await refusalOf(callerOfA(caller).events(text, { [path]: id! }));
      expect(errors[0]?.extensions.code).toBe('NOT_FOUND');
      refusals.push(withoutIds(errors, id!));
    }
    expect(refusals[0]).toBe(refusals[1]);
  });
});

describe('an administrator', () => {
  it.each(rowsOf('query'))('sees both tenants by %s', async (coordinate, row) => {
    for (const estate of [world.ofA, world.ofB]) {
      const answer = await ask(world.admin, coordinate, row.variables(estate));
      expect(codeOf(answer)).toBe('OK');
      expect(Object.values(answer.data)[0]).not.toBeNull();
    }
  });

  it.each(idArguments.filter(([, , , row]) => row.kind === 'mutation'))(
    'is told by %s(%s) that an unknown id is unknown',
    async (coordinate, path, kind, row) => {
      const [unknown] = idsOf(kind, unknownEstate());
      const answer = await ask(world.admin, coordinate, withValue(row.variables(world.ofA), path, unknown!));
      expect(answer.errors[0]?.extensions).toMatchObject({ code: 'NOT_FOUND', details: { field: path } });
    },
  );

  it.each(rowsOf('subscription').flatMap(([name, row]) => Object.keys(row.ids).map((path) => [name, path])))(
    'is told by %s(%s) that an unknown id is unknown',
    async (coordinate, path) => {
      const id = path === 'tenantId' ? unknownEstate().tenant : unknownEstate().vm;
      const errors = await refusalOf(
        world.admin.events(documentFor(SCHEMA, coordinate, 1).text, { [path]: id }),
      );
      expect(errors[0]?.extensions.code).toBe('NOT_FOUND');
    },
  );
});

describe('roles', () => {
  it.each(rowsOf('mutation').filter(([, row]) => row.least !== 'VIEWER'))(
    '%s is denied to those who are too little',
    async (coordinate, row) => {
      for (const caller of CALLERS.filter((one) => !allows(one, row.least))) {
        const answer = await ask(callerOfA(caller), coordinate, row.variables(world.ofA));
        expect([caller, codeOf(answer), Object.values(answer.data ?? {})]).toEqual([
          caller,
          'PERMISSION_DENIED',
          [],
        ]);
      }
    },
  );

  it.each(CALLERS)('let the %s do what it may, in the order of a VM’s life', async (caller) => {
    const estate = await makeEstate(world.admin, world.a, `roles-${caller}`);
    for (const [coordinate, row] of rowsOf('mutation')) {
      if (!allows(caller, row.least)) continue;
      const answer = await ask(callerOfA(caller), coordinate, row.variables(estate));
      expect([coordinate, codeOf(answer)]).toEqual([coordinate, row.refusal ?? 'OK']);
    }
  });

  it.each<[string, RowOf<'masked' | 'guarded'>]>([...rowsOf('masked'), ...rowsOf('guarded')])(
    '%s is shown to those only who may',
    async (_name, row) => {
      for (const caller of CALLERS) {
        const { data, errors } = await callerOfA(caller).ask(row.query, row.variables(world.ofA));
        const denied = errors.map(({ extensions }) => extensions.code);
        if (allows(caller, row.least))
          expect([caller, denied, row.pick(data)]).toEqual([caller, [], expect.anything()]);
        else
          expect([caller, denied, row.pick(data)]).toEqual([
            caller,
            row.kind === 'guarded' ? ['PERMISSION_DENIED'] : [],
            null,
          ]);
      }
    },
  );

  it.each(rowsOf('subscription'))('%s begins for every one of them', async (coordinate, row) => {
    for (const caller of CALLERS) {
      const source = callerOfA(caller).events(
        documentFor(SCHEMA, coordinate, 1).text,
        row.variables(world.ofA),
      );
      expect(await source.next()).toBeTruthy();
      await source.close();
    }
  });
});

describe('what belongs to B', () => {
  it('was left as it was by all that others tried', async () => {
    const query = `query ($id: ID!, $vm: ID!) {
      tenant(id: $id) { name vms { totalCount nodes { id status cpuCount tasks { totalCount } } } }
      networks(filter: { tenantId: $id }) { nodes { id status } }
      vm(id: $vm) { status labels { name value } }
    }`;
    const { tenant, networks, vm } = await world.admin.data(query, {
      id: world.ofB.tenant,
      vm: world.ofB.vm,
    });
    expect(tenant.vms).toMatchObject({
      totalCount: 1,
      nodes: [{ status: 'RUNNING', cpuCount: 1, tasks: { totalCount: 1 } }],
    });
    expect(networks.nodes).toMatchObject([{ status: 'ACTIVE' }, { status: 'ACTIVE' }]);
    expect(vm.labels).toHaveLength(1);
  });
});

import { createNetwork, createTenancy, createVm, operated, registerTemplate } from '../support/api/requests';
import type { Tenancy } from '../support/api/requests';
import { StatementLog } from '../support/api/statement-log';
import { TestGateway } from '../support/api/test-gateway';

let gateway: TestGateway;
let acme: Tenancy;
let statements: StatementLog;
const ids: Record<string, string> = {};
beforeAll(async () => {
  statements = new StatementLog();
  gateway = await TestGateway.start({
    backends: {
      lab: { capacity: { memoryMib: 8_192 } },
      roomy: { capacity: { memoryMib: 65_536 } },
      apart: {},
    },
  });
  acme = await createTenancy(gateway.admin, 'acme');
  ids['one'] = await registerTemplate(gateway.admin, { name: 'one', backends: ['lab', 'roomy'] });
  ids['two'] = await registerTemplate(gateway.admin, { name: 'two' });
  ids['net'] = await createNetwork(acme.operator, { name: 'net', cidr: '10.1.0.0/24' });
  // By age: c a e b d.
  for (const [index, name] of ['c', 'a', 'e', 'b', 'd'].entries()) {
    ids[name] = await createVm(acme.operator, {
      ...{ name, templateId: ids[index < 3 ? 'one' : 'two'], powerOn: index % 2 === 0, memoryMib: 64 },
      ...{ networkIds: index === 1 ? [ids['net']] : [] },
      labels: [{ name: 'parity', value: index % 2 === 0 ? 'even' : 'odd' }],
    });
  }
});
afterAll(async () => {
  statements.close();
  await gateway.close();
});

async function list(args: string, caller = acme.viewer) {
  const page = 'nodes { name } pageInfo { startCursor endCursor hasNextPage hasPreviousPage }';
  const { vms } = await caller.data(`{ vms${args === '' ? '' : `(${args})`} { ${page} } }`);
  return { names: vms.nodes.map(({ name }: { name: string }) => name).join(''), ...vms.pageInfo };
}

describe('vms', () => {
  it.each([
    ['', 'caebd'],
    ['orderBy: {}', 'caebd'],
    ['orderBy: { direction: DESC }', 'dbeac'],
    ['orderBy: { field: NAME }', 'abcde'],
    ['orderBy: { field: NAME, direction: DESC }', 'edcba'],
    ['last: 2', 'bd'],
    ['orderBy: { field: NAME }, last: 2', 'de'],
  ])('come in order: %s', async (args, names) => {
    expect((await list(args)).names).toBe(names);
  });

  it.each(['CREATED_AT', 'NAME'].flatMap((field) => ['ASC', 'DESC'].map((direction) => [field, direction])))(
    'come in pages by %s %s, both ways, without a gap',
    async (field, direction) => {
      const order = `orderBy: { field: ${field}, direction: ${direction} }`;
      const all = (await list(order)).names;
      let forward = '';
      let after = '';
      for (let more = true; more;) {
        const page = await list(`${order}, first: 2${after}`);
        forward += page.names;
        expect(page.hasPreviousPage).toBe(after !== '');
        after = `, after: "${page.endCursor}"`;
        more = page.hasNextPage;
      }
      let backward = '';
      let before = '';
      for (let more = true; more;) {
        const page = await list(`${order}, last: 2${before}`);
        backward = page.names + backward;
        before = `, before: "${page.startCursor}"`;
        more = page.hasPreviousPage;
      }
      expect([forward, backward]).toEqual([all, all]);
    },
  );

  it('between two cursors are only those between', async () => {
    const first = await list('first: 1');
    const last = await list('last: 1');
    expect((await list(`after: "${first.endCursor}", before: "${last.startCursor}"`)).names).toBe('aeb');
  });

  it.each([
    ['name: "a"', 'a'],
    ['status: RUNNING', 'ced'],
    ['status: [STOPPED, ERROR]', 'ab'],
    ['status: []', ''],
    ['backend: "lab"', 'caebd'],
    ['backend: "roomy"', ''],
    ['label: { name: "parity" }', 'caebd'],
    ['label: { name: "parity", value: "odd" }', 'ab'],
    ['label: { name: "parity", value: "" }', ''],
    ['label: { name: "nothing" }', ''],
    ['label: { name: "parity", value: "even" }, status: RUNNING, backend: "lab"', 'ced'],
  ])('can be filtered by { %s }', async (filter, names) => {
    expect((await list(`filter: { ${filter} }`)).names).toBe(names);
  });

  it('can be filtered by ids', async () => {
    expect((await list(`filter: { templateId: "${ids['two']!}" }`)).names).toBe('bd');
    expect((await list(`filter: { networkId: "${ids['net']!}" }`)).names).toBe('a');
    expect((await list(`filter: { tenantId: "${acme.id}" }`, gateway.admin)).names).toBe('caebd');
  });

  it('are counted under their filter, and only when asked for', async () => {
    const { vms } = await acme.viewer.data(
      '{ vms(first: 1, filter: { status: STOPPED }) { totalCount nodes { id } } }',
    );
    expect([vms.totalCount, vms.nodes.length]).toEqual([2, 1]);
    const counts = async (query: string) =>
      (await statements.during(() => acme.viewer.data(query))).filter((sql) => /COUNT\(/i.test(sql)).length;
    expect(await counts('{ vms { nodes { id } pageInfo { hasNextPage } } }')).toBe(0);
    expect(await counts('{ vms { totalCount } }')).toBe(1);
  });
});

describe('placement', () => {
  const onBackend = async (id: string) =>
    (await acme.viewer.data('query ($id: ID!) { vm(id: $id) { backend { name } } }', { id })).vm.backend.name;

  it('takes the backend with the most free memory', async () => {
    const id = await createVm(acme.operator, { name: 'placed', templateId: ids['one'], backend: undefined });
    expect(await onBackend(id)).toBe('roomy');
    await operated(acme.operator, 'deleteVm', { id });
  });

  it('keeps to the backends that the template and the networks are on', async () => {
    const plain = await createVm(acme.operator, {
      name: 'by-template',
      templateId: ids['two'],
      backend: undefined,
    });
    expect(await onBackend(plain)).toBe('lab');
    const input = {
      name: 'by-network',
      templateId: ids['one'],
      networkIds: [ids['net']],
      backend: undefined,
    };
    expect(await onBackend(await createVm(acme.operator, input))).toBe('lab');
  });

  it('says when nothing fits', async () => {
    const input = { name: 'huge', templateId: ids['one'], memoryMib: 1_000_000 };
    expect((await acme.operator.mutateRefused('createVm', input)).extensions).toMatchObject({
      code: 'RESOURCE_EXHAUSTED',
      details: { field: 'input.memoryMib' },
    });
    const apart = await createNetwork(acme.operator, {
      name: 'apart',
      cidr: '10.2.0.0/24',
      backend: 'apart',
    });
    const nowhere = { name: 'nowhere', templateId: ids['one'], networkIds: [apart] };
    expect((await acme.operator.mutateRefused('createVm', nowhere)).extensions).toMatchObject({
      code: 'INVALID_ARGUMENT',
      details: { field: 'input.networkIds' },
    });
  });
});

describe('node', () => {
  it('finds every kind of object by its id', async () => {
    const { backends, vm } = await acme.viewer.data(
      'query ($id: ID!) { backends { id } vm(id: $id) { tasks(first: 1) { nodes { id } } } }',
      { id: ids['a'] },
    );
    const kinds: [string, string][] = [
      ['Vm', ids['a']!],
      ['Network', ids['net']!],
      ['Template', ids['one']!],
      ['Tenant', acme.id],
      ['Backend', backends[0].id],
      ['Task', vm.tasks.nodes[0].id],
    ];
    for (const [kind, id] of kinds) {
      const { node } = await acme.viewer.data('query ($id: ID!) { node(id: $id) { __typename id } }', { id });
      expect(node).toEqual({ __typename: kind, id });
    }
  });

  it.each([
    '',
    'vm_1',
    'vm_',
    `vm_${'z'.repeat(32)}`,
    `xxx_${'0'.repeat(32)}`,
    `evt_${'0'.repeat(32)}`,
    '\0',
    '1e9',
  ])('is null for %j', async (id) => {
    expect(await acme.viewer.data('query ($id: ID!) { node(id: $id) { id } }', { id })).toEqual({
      node: null,
    });
  });
});

import {
  createNetwork,
  createTenancy,
  createVm,
  ended,
  operated,
  registerTemplate,
  startNetwork,
  succeeded,
} from '../support/api/requests';
import type { Tenancy } from '../support/api/requests';
import { StatementLog } from '../support/api/statement-log';
import { TestGateway } from '../support/api/test-gateway';
import { AppError } from '../../src/kernel';

let gateway: TestGateway;
let acme: Tenancy;
let statements: StatementLog;
let templateId: string;
beforeAll(async () => {
  statements = new StatementLog();
  gateway = await TestGateway.start({ backends: { lab: {}, other: {} } });
  acme = await createTenancy(gateway.admin, 'acme');
  templateId = await registerTemplate(gateway.admin, { name: 'tiny' });
});
afterAll(async () => {
  statements.close();
  await gateway.close();
});

const SHOWN = `id name mode cidr status externalId createdAt deletedAt
  tenant { slug } backend { name } vms { nodes { name } totalCount }`;
const read = async (id: string) => {
  const query = `query ($id: ID!) { node(id: $id) { ... on Network { ${SHOWN} } } }`;
  return (await acme.viewer.data(query, { id })).node;
};
const list = async (args: string, caller = acme.viewer): Promise<string> => {
  const { networks } = await caller.data(`{ networks(${args}) { nodes { name } } }`);
  return networks.nodes.map(({ name }: { name: string }) => name).join(' ');
};

describe('createNetwork', () => {
  it('answers at once, and the task makes it on the backend', async () => {
    const input = { name: 'web', backend: 'lab', cidr: '10.1.0.0/24', mode: 'NAT' };
    const made = await acme.operator.mutate(
      'createNetwork',
      input,
      `network { ${SHOWN} } task { id operation target { id } tenant { slug } }`,
    );
    expect(made.network).toMatchObject({
      ...{ name: 'web', mode: 'NAT', cidr: '10.1.0.0/24', deletedAt: null },
      ...{ tenant: { slug: 'acme' }, backend: { name: 'lab' }, vms: { nodes: [], totalCount: 0 } },
    });
    expect(made.task).toMatchObject({
      operation: 'CREATE_NETWORK',
      ...{ target: { id: made.network.id }, tenant: { slug: 'acme' } },
    });
    await succeeded(acme.viewer, made.task.id);
    const steps = 'query ($id: ID!) { task(id: $id) { message steps { message } } }';
    const told = await acme.viewer.data(steps, { id: made.task.id });
    // What a backend runs is the administrator's to know.
    expect(JSON.stringify(told)).not.toContain('Hypergate memory backend');
    const [onBackend] = gateway.backend().networks();
    expect(await read(made.network.id)).toMatchObject({
      status: 'ACTIVE',
      externalId: onBackend?.externalId,
    });
  });

  it('shows it PROVISIONING until it is there', async () => {
    gateway.backend().hangNext('createNetwork');
    const made = await startNetwork(acme.operator, { name: 'slow', cidr: '10.9.0.0/24' });
    expect(await read(made.id)).toMatchObject({ status: 'PROVISIONING', externalId: null });
  });

  it('takes the backend by its id too', async () => {
    const { backends } = await acme.viewer.data('{ backends { id name } }');
    const other = backends.find(({ name }: { name: string }) => name === 'other').id;
    const id = await createNetwork(acme.operator, { name: 'by-id', backend: other, cidr: '10.1.0.0/24' });
    expect(await read(id)).toMatchObject({ backend: { name: 'other' }, status: 'ACTIVE' });
  });

  it('refuses a name in use, and takes it again once it is free', async () => {
    const input = { name: 'reused', backend: 'lab', cidr: '10.2.0.0/24', mode: 'ISOLATED' };
    const id = await createNetwork(acme.operator, input);
    const other = { ...input, cidr: '10.3.0.0/24' };
    expect((await acme.operator.mutateRefused('createNetwork', other)).extensions).toMatchObject({
      code: 'ALREADY_EXISTS',
      details: { field: 'input.name' },
    });
    await operated(acme.operator, 'deleteNetwork', { id });
    await createNetwork(acme.operator, input);
  });

  it('shows a creation that failed, and lets it only be deleted', async () => {
    gateway.backend().failNext('createNetwork', new AppError('RESOURCE_EXHAUSTED', 'No segment is left.'));
    const made = await startNetwork(acme.operator, { name: 'failed', cidr: '10.4.0.0/24' });
    expect(await ended(acme.viewer, made.taskId)).toMatchObject({
      status: 'FAILED',
      error: { code: 'RESOURCE_EXHAUSTED', message: 'No segment is left.' },
    });
    expect(await read(made.id)).toMatchObject({ status: 'ERROR' });
    const vm = { name: 'on-failed', templateId, networkIds: [made.id] };
    expect((await acme.operator.mutateRefused('createVm', vm)).extensions).toMatchObject({
      code: 'FAILED_PRECONDITION',
      details: { field: 'input.networkIds' },
    });
    await operated(acme.operator, 'deleteNetwork', { id: made.id });
  });
});

describe('an idempotency key', () => {
  const input = { name: 'keyed', backend: 'lab', cidr: '10.20.0.0/24', mode: 'NAT', idempotencyKey: 'key-1' };
  const SELECTION = 'network { id } task { id }';

  it('answers as the first time, also at the same time', async () => {
    const answers = await Promise.all(
      [1, 2, 3].map(() => acme.operator.mutate('createNetwork', input, SELECTION)),
    );
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
    await succeeded(acme.viewer, answers[0].task.id);
    expect(await acme.operator.mutate('createNetwork', input, SELECTION)).toEqual(answers[0]);
    expect(
      gateway
        .backend()
        .networks()
        .filter(({ name }) => name === 'keyed'),
    ).toHaveLength(1);
  });

  it('does not come back with another input', async () => {
    const error = await acme.operator.mutateRefused('createNetwork', { ...input, cidr: '10.21.0.0/24' });
    expect(error.extensions).toMatchObject({
      code: 'ALREADY_EXISTS',
      details: { field: 'input.idempotencyKey', reason: 'IDEMPOTENCY_KEY_REUSED' },
    });
  });

  it('belongs to one tenant', async () => {
    const bolt = await createTenancy(gateway.admin, 'bolt');
    const made = await bolt.operator.mutate('createNetwork', input, 'network { tenant { slug } }');
    expect(made.network.tenant.slug).toBe('bolt');
  });

  it('answers as the first time although its network is gone', async () => {
    const gone = { ...input, name: 'keyed-gone', cidr: '10.22.0.0/24', idempotencyKey: 'key-2' };
    const id = await createNetwork(acme.operator, gone);
    await operated(acme.operator, 'deleteNetwork', { id });
    const again = await acme.operator.mutate('createNetwork', gone, 'network { id status }');
    expect(again.network).toEqual({ id, status: 'DELETED' });
  });
});

describe('deleteNetwork', () => {
  it('removes the network from its backend and keeps the record', async () => {
    const id = await createNetwork(acme.operator, { name: 'leaving', cidr: '10.30.0.0/24' });
    const going = await acme.operator.mutate(
      'deleteNetwork',
      { id },
      'network { status } task { id operation }',
    );
    expect(going).toMatchObject({ network: { status: 'DELETING' }, task: { operation: 'DELETE_NETWORK' } });
    await succeeded(acme.viewer, going.task.id);
    expect(await read(id)).toMatchObject({ status: 'DELETED', deletedAt: expect.any(String) });
    expect(
      gateway
        .backend()
        .networks()
        .map(({ name }) => name),
    ).not.toContain('leaving');
    const again = await acme.operator.mutateRefused('deleteNetwork', { id });
    expect([again.extensions.code, again.message]).toEqual([
      'FAILED_PRECONDITION',
      'The network is DELETED.',
    ]);
    const vm = { name: 'too-late', templateId, networkIds: [id] };
    expect((await acme.operator.mutateRefused('createVm', vm)).extensions).toMatchObject({
      code: 'FAILED_PRECONDITION',
      details: { field: 'input.networkIds' },
    });
  });

  it('is refused while a VM uses it, and allowed once the VM is gone', async () => {
    const id = await createNetwork(acme.operator, { name: 'used', cidr: '10.31.0.0/24' });
    const vm = await createVm(acme.operator, { name: 'user', templateId, networkIds: [id] });
    const error = await acme.operator.mutateRefused('deleteNetwork', { id });
    expect(error.extensions.code).toBe('FAILED_PRECONDITION');
    expect(await read(id)).toMatchObject({
      status: 'ACTIVE',
      vms: { nodes: [{ name: 'user' }], totalCount: 1 },
    });
    await operated(acme.operator, 'deleteVm', { id: vm });
    await operated(acme.operator, 'deleteNetwork', { id });
  });

  it('answers the same task when it is repeated', async () => {
    const id = await createNetwork(acme.operator, { name: 'twice', cidr: '10.32.0.0/24' });
    gateway.backend().hangNext('deleteNetwork');
    const first = await acme.operator.mutate('deleteNetwork', { id }, 'task { id }');
    expect(await acme.operator.mutate('deleteNetwork', { id }, 'task { id }')).toEqual(first);
  });
});

describe('networks', () => {
  let caller: Tenancy;
  beforeAll(async () => {
    caller = await createTenancy(gateway.admin, 'coil');
    for (let index = 0; index < 5; index += 1) {
      const backend = index < 3 ? 'lab' : 'other';
      await createNetwork(caller.operator, { name: `n${index}`, backend, cidr: `10.5${index}.0.0/24` });
    }
  });

  it('come in pages both ways', async () => {
    const query = async (args: string) =>
      (
        await caller.viewer.data(
          `{ networks(${args}) { nodes { name } pageInfo { startCursor endCursor hasNextPage } } }`,
        )
      ).networks;
    const first = await query('first: 2');
    expect(first.pageInfo.hasNextPage).toBe(true);
    const second = await query(`first: 3, after: "${first.pageInfo.endCursor}"`);
    expect(second).toMatchObject({ nodes: [{ name: 'n2' }, { name: 'n3' }, { name: 'n4' }] });
    expect(second.pageInfo.hasNextPage).toBe(false);
    const back = await query(`last: 1, before: "${second.pageInfo.startCursor}"`);
    expect(back.nodes).toEqual([{ name: 'n1' }]);
  });

  it('can be filtered', async () => {
    expect(await list('filter: { backend: "other" }', caller.viewer)).toBe('n3 n4');
    expect(await list('filter: { name: "n1" }', caller.viewer)).toBe('n1');
    expect(await list('filter: { status: [DELETED, ERROR] }', caller.viewer)).toBe('');
    expect(await list('filter: { status: [] }', caller.viewer)).toBe('');
    expect(await list(`filter: { tenantId: "${caller.id}", backend: "lab" }`, gateway.admin)).toBe(
      'n0 n1 n2',
    );
    const error = await caller.viewer.refusal('{ networks(filter: { backend: "moon" }) { totalCount } }');
    expect(error.extensions).toMatchObject({ code: 'NOT_FOUND', details: { field: 'filter.backend' } });
  });

  it('are counted only when asked for, and read with one statement for each relation', async () => {
    const query = '{ networks { nodes { name tenant { slug } backend { name } } } }';
    const sent = await statements.during(() => caller.viewer.data(query));
    // Who asks, the networks, their tenants.
    expect(sent.filter((sql) => /COUNT\(/i.test(sql))).toEqual([]);
    expect(sent.filter((sql) => sql.includes('"Network"'))).toHaveLength(1);
    expect(sent.filter((sql) => sql.includes('"Tenant"'))).toHaveLength(1);
    const counting = await statements.during(() => caller.viewer.data('{ networks { totalCount } }'));
    expect(counting.filter((sql) => /COUNT\(/i.test(sql))).toHaveLength(1);
  });
});

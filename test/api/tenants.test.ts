import { createTenancy, createToken } from '../support/api/requests';
import type { Tenancy } from '../support/api/requests';
import { StatementLog } from '../support/api/statement-log';
import { TestGateway } from '../support/api/test-gateway';

let gateway: TestGateway;
let statements: StatementLog;
const tenants: Tenancy[] = [];
beforeAll(async () => {
  statements = new StatementLog();
  gateway = await TestGateway.start();
  for (const slug of ['acme', 'bolt', 'coil', 'dune', 'edge']) {
    tenants.push(await createTenancy(gateway.admin, slug, `${slug} Ltd`));
  }
});
afterAll(async () => {
  statements.close();
  await gateway.close();
});

const PAGE = `query ($first: Int, $after: String, $last: Int, $before: String) {
  tenants(first: $first, after: $after, last: $last, before: $before) {
    nodes { slug } edges { cursor node { slug } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`;

async function page(variables: object) {
  const { tenants: connection } = await gateway.admin.data(PAGE, { ...variables });
  return {
    slugs: connection.nodes.map((node: { slug: string }) => node.slug).join(' '),
    ...connection.pageInfo,
  };
}

describe('createTenant', () => {
  it('answers the tenant, and both ways to ask for it find it', async () => {
    const { tenant } = await gateway.admin.mutate(
      'createTenant',
      { slug: 'fresh-1', name: '  Ünïcode & Söhne  ' },
      'tenant { id slug name createdAt vms { nodes { id } totalCount } }',
    );
    expect(tenant).toMatchObject({
      slug: 'fresh-1',
      name: 'Ünïcode & Söhne',
      vms: { nodes: [], totalCount: 0 },
    });
    expect(tenant.createdAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    const both = await gateway.admin.data(
      'query ($id: ID!) { byId: tenant(id: $id) { id } bySlug: tenant(slug: "fresh-1") { id } }',
      { id: tenant.id },
    );
    expect(both).toEqual({ byId: { id: tenant.id }, bySlug: { id: tenant.id } });
  });

  it('refuses a slug in use', async () => {
    const error = await gateway.admin.mutateRefused('createTenant', { slug: 'acme', name: 'Another' });
    expect(error.extensions).toMatchObject({ code: 'ALREADY_EXISTS', details: { field: 'input.slug' } });
  });
});

describe('tenant', () => {
  it.each([
    ['neither', '{ tenant { id } }', 'id'],
    ['both', '{ tenant(id: "x", slug: "acme") { id } }', 'slug'],
    ['an empty slug', '{ tenant(slug: "") { id } }', 'id'],
  ])('wants the id or the slug, and not %s', async (_title, query, field) => {
    expect((await gateway.admin.refusal(query)).extensions).toMatchObject({
      code: 'INVALID_ARGUMENT',
      details: { field },
    });
  });
});

describe('tenants', () => {
  it('come in pages, forwards', async () => {
    const first = await page({ first: 2 });
    expect(first).toMatchObject({ slugs: 'acme bolt', hasNextPage: true, hasPreviousPage: false });
    const second = await page({ first: 2, after: first.endCursor });
    expect(second).toMatchObject({ slugs: 'coil dune', hasNextPage: true, hasPreviousPage: true });
  });

  it('come in pages, backwards, in the same order', async () => {
    const all = await page({ first: 5 });
    const end = await page({ last: 2, before: all.endCursor });
    expect(end).toMatchObject({ slugs: 'coil dune', hasNextPage: true, hasPreviousPage: true });
    const start = await page({ last: 5, before: end.startCursor });
    expect(start).toMatchObject({ slugs: 'acme bolt', hasNextPage: true, hasPreviousPage: false });
  });

  it('may be asked for without any entry', async () => {
    expect(await page({ first: 0 })).toMatchObject({ slugs: '', startCursor: null, endCursor: null });
  });

  it('are counted only when asked for', async () => {
    const counts = (sent: string[]) => sent.filter((sql) => /COUNT\(/i.test(sql)).length;
    expect(counts(await statements.during(() => gateway.admin.data('{ tenants { nodes { id } } }')))).toBe(0);
    expect(counts(await statements.during(() => gateway.admin.data('{ tenants { totalCount } }')))).toBe(1);
  });

  it('are only the own one for a member', async () => {
    const { tenants: connection } = await tenants[1]!.viewer.data(
      '{ tenants { totalCount nodes { slug } } }',
    );
    expect(connection).toEqual({ totalCount: 1, nodes: [{ slug: 'bolt' }] });
  });
});

const TOKEN = 'token { id name role createdAt expiresAt lastUsedAt revokedAt } secret';

describe('API tokens', () => {
  it('are made by an owner for the own tenant, and work at once', async () => {
    const { owner, id } = tenants[0]!;
    const expiresAt = '2999-01-01T00:00:00.000Z';
    const made = await owner.mutate('createApiToken', { role: 'VIEWER', name: 'ci', expiresAt }, TOKEN);
    expect(made.secret).toMatch(/^hgt_[0-9A-Za-z]{36}$/);
    expect(made.token).toMatchObject({
      name: 'ci',
      role: 'VIEWER',
      expiresAt,
      lastUsedAt: null,
      revokedAt: null,
    });
    const { viewer } = await owner.as(made.secret).data('{ viewer { role actor tenant { id } } }');
    expect(viewer).toEqual({ role: 'VIEWER', actor: made.token.id, tenant: { id } });
  });

  it('show when they were used and revoked, and are worthless then', async () => {
    const { owner } = tenants[0]!;
    const { id, secret } = await createToken(owner, { role: 'OPERATOR' });
    await owner.as(secret).data('{ viewer { kind } }');
    const { token } = await owner.mutate('revokeApiToken', { id }, 'token { lastUsedAt revokedAt }');
    expect(token).toEqual({ lastUsedAt: expect.any(String), revokedAt: expect.any(String) });
    const answer = await owner.as(secret).ask('{ viewer { kind } }');
    expect([answer.status, answer.errors[0]?.extensions.code]).toEqual([401, 'UNAUTHENTICATED']);
    const again = await owner.mutate('revokeApiToken', { id }, 'token { revokedAt }');
    expect(again.token.revokedAt).toBe(token.revokedAt);
  });

  it('leave nothing of their secret in database and log', async () => {
    const { secret } = await createToken(tenants[0]!.owner, { role: 'OWNER' });
    await tenants[0]!.owner.as(secret).data('{ viewer { kind } }');
    await tenants[0]!.owner.as(secret.slice(0, -1)).ask('{ viewer { kind } }');
    expect(gateway.databaseBytes()).not.toContain(secret.slice(4, 34));
    expect(gateway.log()).not.toContain(secret.slice(4, 34));
  });

  it('have to be told their tenant by an administrator', async () => {
    const error = await gateway.admin.mutateRefused('createApiToken', { role: 'OWNER', name: 'x' });
    expect(error.extensions).toMatchObject({
      code: 'INVALID_ARGUMENT',
      details: { field: 'input.tenantId' },
    });
  });
});

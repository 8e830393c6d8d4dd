import BetterSqlite3 from 'better-sqlite3';
import { createTenancy, createToken, registerTemplate, succeeded } from '../support/api/requests';
import type { Tenancy } from '../support/api/requests';
import { TestGateway } from '../support/api/test-gateway';

let gateway: TestGateway;
let acme: Tenancy;
let bolt: Tenancy;
let templateId: string;
beforeAll(async () => {
  gateway = await TestGateway.start();
  acme = await createTenancy(gateway.admin, 'acme');
  bolt = await createTenancy(gateway.admin, 'bolt');
  templateId = await registerTemplate(gateway.admin, { name: 'tiny' });
});
afterAll(() => gateway.close());

const codeOf = async (refusal: Promise<{ extensions: { code: string } }>): Promise<string> =>
  (await refusal).extensions.code;

describe('a replay', () => {
  const MADE = 'vm { id } task { id }';
  const input = (name: string): object => ({ name, templateId, backend: 'lab', idempotencyKey: name });

  it('is for those who may do it now: not for a lesser role, another tenant or a revoked token', async () => {
    const { id: tokenId, secret } = await createToken(acme.owner, { role: 'OPERATOR' });
    const leaving = gateway.admin.as(secret);
    const mine = { ...input('guarded'), tenantId: acme.id };
    const first = await leaving.mutate('createVm', mine, MADE);
    const again = { id: first.vm.id, idempotencyKey: 'start' };
    await succeeded(acme.viewer, first.task.id);
    const stopped = await leaving.mutate('stopVm', again, MADE);

    for (const [mutation, known] of [
      ['createVm', mine],
      ['stopVm', again],
    ] as const) {
      expect(await codeOf(acme.viewer.mutateRefused(mutation, known))).toBe('PERMISSION_DENIED');
      expect(await codeOf(bolt.owner.mutateRefused(mutation, known))).toBe('NOT_FOUND');
    }
    await acme.owner.mutate('revokeApiToken', { id: tokenId }, 'token { id }');
    expect(await codeOf(leaving.mutateRefused('stopVm', again))).toBe('UNAUTHENTICATED');
    // Whoever still may is answered: the key is the tenant's, not the token's.
    expect(await acme.operator.mutate('createVm', mine, MADE)).toEqual(first);
    expect(await acme.operator.mutate('stopVm', again, MADE)).toEqual(stopped);
  });

  it('is of the administrator’s alone where no tenant has the key', async () => {
    const tenant = { slug: 'keyed', name: 'Keyed', idempotencyKey: 'tenant' };
    const first = await gateway.admin.mutate('createTenant', tenant, 'tenant { id }');
    expect(await gateway.admin.mutate('createTenant', tenant, 'tenant { id }')).toEqual(first);
    expect(await codeOf(acme.owner.mutateRefused('createTenant', tenant))).toBe('PERMISSION_DENIED');
    // A tenant's key of the same name is another key.
    await acme.operator.mutate('createVm', { ...input('tenant'), name: 'unrelated' }, MADE);
  });

  it('is answered while the backend is away, with the objects as they are now', async () => {
    const template = {
      name: 'far',
      realizations: [{ backend: 'lab', imageRef: 'far' }],
      idempotencyKey: 'far',
    };
    const registered = await gateway.admin.mutate('registerTemplate', template, 'template { id }');
    const first = await acme.operator.mutate('createVm', input('far'), MADE);
    await succeeded(acme.viewer, first.task.id);
    gateway.backend().setUnavailable(true);
    expect(await gateway.admin.mutate('registerTemplate', template, 'template { id }')).toEqual(registered);
    const again = await acme.operator.mutate('createVm', input('far'), 'vm { id } task { id status }');
    expect(again).toEqual({ vm: first.vm, task: { id: first.task.id, status: 'SUCCEEDED' } });
    gateway.backend().setUnavailable(false);
  });
});

describe('the secret of an API token', () => {
  const SELECTION = 'token { id } secret';
  const input = { name: 'keyed', role: 'VIEWER', idempotencyKey: 'secret' };

  /** All rows of all tables, as text. */
  const records = (): string => {
    const database = new BetterSqlite3(gateway.sqliteFile, { readonly: true });
    const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all() as {
      name: string;
    }[];
    const rows = tables.flatMap(({ name }) => database.prepare(`SELECT * FROM "${name}"`).all());
    database.close();
    return JSON.stringify(rows);
  };

  it('is answered again, and works, though it is stored nowhere', async () => {
    const { token, secret } = await acme.owner.mutate('createApiToken', input, SELECTION);
    const again = await acme.owner.mutate('createApiToken', input, SELECTION);
    expect(again).toEqual({ token, secret });
    const { viewer } = await gateway.admin.as(secret).data('{ viewer { role tenant { slug } } }');
    expect(viewer).toEqual({ role: 'VIEWER', tenant: { slug: 'acme' } });
    const stored = records();
    expect([
      stored.includes(token.id),
      stored.includes(secret),
      stored.includes(secret.slice(4, -6)),
    ]).toEqual([true, false, false]);
  });

  it('is another one under each key, and without any', async () => {
    const { idempotencyKey, ...keyless } = input;
    const inputs = [input, { ...input, idempotencyKey: `${idempotencyKey}-2` }, keyless, keyless];
    const made = await Promise.all(inputs.map((one) => acme.owner.mutate('createApiToken', one, SELECTION)));
    expect(new Set(made.map(({ secret }) => secret)).size).toBe(4);
  });

  it('is answered again to the token that asked for it, and to no other owner', async () => {
    const own = { ...input, tenantId: acme.id };
    await acme.owner.mutate('createApiToken', own, SELECTION);
    for (const other of [
      gateway.admin,
      gateway.admin.as((await createToken(gateway.admin, { tenantId: acme.id, role: 'OWNER' })).secret),
    ]) {
      expect((await other.mutateRefused('createApiToken', own)).extensions).toMatchObject({
        code: 'ALREADY_EXISTS',
        details: { reason: 'IDEMPOTENCY_KEY_REUSED' },
      });
    }
  });

  it('shows a token that was revoked since as revoked', async () => {
    const own = { ...input, idempotencyKey: 'revoked' };
    const { token, secret } = await acme.owner.mutate('createApiToken', own, SELECTION);
    await acme.owner.mutate('revokeApiToken', { id: token.id }, 'token { id }');
    const again = await acme.owner.mutate('createApiToken', own, 'token { id revokedAt } secret');
    expect(again).toEqual({ token: { id: token.id, revokedAt: expect.any(String) }, secret });
    expect(await codeOf(gateway.admin.as(secret).refusal('{ viewer { role } }'))).toBe('UNAUTHENTICATED');
  });
});

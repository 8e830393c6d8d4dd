import { createTenancy } from '../support/api/requests';
import type { Tenancy } from '../support/api/requests';
import { TestGateway } from '../support/api/test-gateway';

let gateway: TestGateway;
let acme: Tenancy;
beforeAll(async () => {
  gateway = await TestGateway.start();
  acme = await createTenancy(gateway.admin, 'acme', 'Acme Ltd');
});
afterAll(() => gateway.close());

const VIEWER = '{ viewer { kind role actor tenant { id slug name } } }';

describe('viewer', () => {
  it('tells an administrator that it has neither role nor tenant', async () => {
    expect(await gateway.admin.data(VIEWER)).toEqual({
      viewer: { kind: 'ADMINISTRATOR', role: null, actor: 'administrator', tenant: null },
    });
  });

  it.each(['owner', 'operator', 'viewer'] as const)('tells the %s of a tenant so', async (role) => {
    const { viewer } = await acme[role].data(VIEWER);
    expect(viewer).toEqual({
      kind: 'MEMBER',
      role: role.toUpperCase(),
      actor: expect.stringMatching(/^tok_[0-9a-f]{32}$/),
      tenant: { id: acme.id, slug: 'acme', name: 'Acme Ltd' },
    });
  });

  it('is nobody without a token', async () => {
    expect((await gateway.anonymous.refusal(VIEWER)).extensions.code).toBe('UNAUTHENTICATED');
  });

  it('is the actor of what is done with its token', async () => {
    const { viewer } = await acme.operator.data(VIEWER);
    const made = await acme.operator.mutate(
      'createNetwork',
      { name: 'by-the-operator', backend: 'lab', cidr: '10.1.0.0/24', mode: 'NAT' },
      'task { actor }',
    );
    expect(made.task.actor).toBe(viewer.actor);
  });
});

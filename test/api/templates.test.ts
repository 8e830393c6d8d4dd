import { createTenancy, registerTemplate } from '../support/api/requests';
import type { Tenancy } from '../support/api/requests';
import { StatementLog } from '../support/api/statement-log';
import { TestGateway } from '../support/api/test-gateway';

let gateway: TestGateway;
let acme: Tenancy;
let bolt: Tenancy;
let statements: StatementLog;
const ids: Record<string, string> = {};
beforeAll(async () => {
  statements = new StatementLog();
  const images = [{ name: 'small' }, { name: 'large', minDiskGib: 20 }];
  for (let index = 0; index < 5; index += 1) images.push({ name: `image-of-shared-${String(index)}` });
  images.push({ name: 'image-of-acme-own' }, { name: 'image-of-bolt-own' });
  gateway = await TestGateway.start({ backends: { lab: { images }, other: {} } });
  acme = await createTenancy(gateway.admin, 'acme');
  bolt = await createTenancy(gateway.admin, 'bolt');
  for (let index = 0; index < 5; index += 1) {
    const name = `shared-${String(index)}`;
    ids[name] = await registerTemplate(gateway.admin, { name });
  }
  ids['acme-own'] = await registerTemplate(gateway.admin, { name: 'acme-own', tenantId: acme.id });
  ids['bolt-own'] = await registerTemplate(gateway.admin, { name: 'bolt-own', tenantId: bolt.id });
});
afterAll(async () => {
  statements.close();
  await gateway.close();
});

async function names(caller: Tenancy['owner'], args: string): Promise<string> {
  const { templates } = await caller.data(`{ templates(${args}) { nodes { name } } }`);
  return templates.nodes.map(({ name }: { name: string }) => name).join(' ');
}

const realization = (backend: string, imageRef: string) => ({ backend, imageRef });

describe('registerTemplate', () => {
  it('looks the images up and takes the disk that the largest needs', async () => {
    const { template } = await gateway.admin.mutate(
      'registerTemplate',
      { name: 'two-places', realizations: [realization('other', 'any'), realization('lab', 'large')] },
      'template { id name minDiskGib createdAt tenant { id } realizations { imageRef backend { name } } }',
    );
    expect(template).toMatchObject({ name: 'two-places', minDiskGib: 20, tenant: null });
    expect(template.realizations).toEqual(
      expect.arrayContaining([
        { imageRef: 'any', backend: { name: 'other' } },
        { imageRef: 'large', backend: { name: 'lab' } },
      ]),
    );
  });

  it.each([
    ['no realization', { realizations: [] }, 'INVALID_ARGUMENT', 'input.realizations'],
    [
      'an image that is not there',
      { realizations: [realization('lab', 'nowhere')] },
      'INVALID_ARGUMENT',
      'input.realizations[0].imageRef',
    ],
    [
      'an empty image',
      { realizations: [realization('lab', '')] },
      'INVALID_ARGUMENT',
      'input.realizations[0].imageRef',
    ],
    [
      'a backend named twice',
      { realizations: [realization('lab', 'small'), realization('lab', 'large')] },
      'INVALID_ARGUMENT',
      'input.realizations[1].backend',
    ],
    [
      'an unknown backend',
      { realizations: [realization('moon', 'small')] },
      'NOT_FOUND',
      'input.realizations[0].backend',
    ],
    [
      'a disk smaller than the image',
      { realizations: [realization('lab', 'large')], minDiskGib: 19 },
      'INVALID_ARGUMENT',
      'input.minDiskGib',
    ],
    [
      'a disk beyond all bounds',
      { realizations: [realization('lab', 'large')], minDiskGib: 70_000 },
      'INVALID_ARGUMENT',
      'input.minDiskGib',
    ],
    [
      'a name in use',
      { name: 'shared-0', realizations: [realization('lab', 'small')] },
      'ALREADY_EXISTS',
      'input.name',
    ],
    [
      'a bad name',
      { name: '../x', realizations: [realization('lab', 'small')] },
      'INVALID_ARGUMENT',
      'input.name',
    ],
  ])('refuses %s', async (_title, input, code, field) => {
    const error = await gateway.admin.mutateRefused('registerTemplate', { name: 'refused', ...input });
    expect(error.extensions).toMatchObject({ code, details: { field } });
    expect(error.message.startsWith(`${field}: `)).toBe(true);
    expect(await names(gateway.admin, 'filter: { name: "refused" }')).toBe('');
  });

  it('lets two tenants have templates of one name', async () => {
    const input = { name: 'acme-own', realizations: [realization('lab', 'small')], tenantId: bolt.id };
    const made = await gateway.admin.mutate('registerTemplate', input, 'template { tenant { slug } }');
    expect(made.template.tenant).toEqual({ slug: 'bolt' });
  });
});

describe('templates', () => {
  it('are the own and the shared ones, oldest first', async () => {
    const own = await names(acme.viewer, 'first: 100');
    expect(own).toMatch(/^shared-0 shared-1 shared-2 shared-3 shared-4 acme-own/);
    expect(own).not.toContain('bolt-own');
  });

  it('come in pages both ways', async () => {
    const query = (args: string) =>
      acme.viewer.data(
        `{ templates(${args}) { nodes { name } pageInfo { endCursor startCursor hasNextPage } } }`,
      );
    const { templates: first } = await query('first: 3');
    const { templates: second } = await query(`first: 2, after: "${first.pageInfo.endCursor}"`);
    expect(second.nodes).toEqual([{ name: 'shared-3' }, { name: 'shared-4' }]);
    const { templates: back } = await query(`last: 2, before: "${second.pageInfo.startCursor}"`);
    expect(back.nodes).toEqual([{ name: 'shared-1' }, { name: 'shared-2' }]);
  });

  it('can be filtered', async () => {
    expect(await names(acme.viewer, 'filter: { name: "shared-2" }')).toBe('shared-2');
    expect(await names(acme.viewer, `filter: { tenantId: "${acme.id}" }`)).toBe('acme-own');
    expect(await names(acme.viewer, 'filter: { name: "bolt-own" }')).toBe('');
    expect(await names(gateway.admin, `filter: { tenantId: "${bolt.id}", name: "bolt-own" }`)).toBe(
      'bolt-own',
    );
  });

  it('hide from tenants which image they are', async () => {
    const query = '{ templates(first: 1) { nodes { realizations { imageRef backend { name } } } } }';
    const shown = async (caller: Tenancy['owner']) =>
      (await caller.data(query)).templates.nodes[0].realizations[0];
    expect(await shown(gateway.admin)).toEqual({ imageRef: 'image-of-shared-0', backend: { name: 'lab' } });
    expect(await shown(acme.owner)).toEqual({ imageRef: null, backend: { name: 'lab' } });
  });

  it('are counted only when asked for, and read with one statement for each relation', async () => {
    const list = '{ templates { nodes { name tenant { slug } realizations { backend { name } } } } }';
    const sent = await statements.during(() => gateway.admin.data(list));
    expect(sent.filter((sql) => /COUNT\(/i.test(sql))).toEqual([]);
    expect(sent).toHaveLength(3);
    const counted = await acme.viewer.data('{ templates { totalCount nodes { id } } }');
    expect(counted.templates.totalCount).toBe(counted.templates.nodes.length);
  });
});

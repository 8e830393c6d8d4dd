import type { ApiError } from '../support/api/api-answer';
import type { ApiClient } from '../support/api/api-client';
import { BadInputWorld } from '../support/api/bad-input-world';
import { refusalOf } from '../support/api/event-source';
import { createToken, succeeded } from '../support/api/requests';
import { until } from '../support/until';
import { ERROR_CODES } from '../../src/kernel';

let world: BadInputWorld;
beforeAll(async () => {
  world = await BadInputWorld.make();
}, 30_000);
afterAll(() => world.close());

/** Nothing of ours may stand in what a caller is told. */
const INSIDES = /\.(ts|js):\d|node_modules|SQLITE|\b(SELECT|INSERT|UPDATE) |stack|TypeORM|QueryFailed/i;
const SECRET = 'secret-in-a-refused-input';
const KEY = `ssh-ed25519 ${'A'.repeat(68)} me`;

interface Refused {
  readonly mutation: string;
  /** Beside what makes a good input. */
  readonly input: Readonly<Record<string, unknown>>;
  readonly code: (typeof ERROR_CODES)[number];
  readonly field: string;
}

const refused =
  (mutation: string) =>
  (code: Refused['code'], field: string, input: Refused['input']): Refused => ({
    ...{ mutation, code, input },
    field: `input.${field}`,
  });
const vm = refused('createVm');
const network = refused('createNetwork');
const bad = 'INVALID_ARGUMENT';

const NAMES: readonly (readonly [string, string])[] = [
  ['the end of a CDATA section', 'a]]>b'],
  ['a line end', 'a\r\nb'],
  ['NUL', 'a\0b'],
  ['a bidirectional override', 'a\u202eb'],
  ['64 characters', 'x'.repeat(64)],
  ['nothing', ''],
  ['only blanks', '   '],
  ['a path', '../../etc'],
  ['a hyphen ahead', '-rf'],
  ['a letter beyond ASCII', 'größe'],
];

const TABLE: readonly (readonly [string, () => Refused])[] = [
  ...NAMES.flatMap(([title, name]) => [
    [`a VM’s name of ${title}`, () => vm(bad, 'name', { name })] as const,
    [`a network’s name of ${title}`, () => network(bad, 'name', { name })] as const,
    [
      `a label’s name of ${title}`,
      () => vm(bad, 'labels[0].name', { labels: [{ name, value: '' }] }),
    ] as const,
  ]),
  ['an unknown backend', () => vm('NOT_FOUND', 'backend', { backend: 'moon' })],
  ['an unknown backend of a network', () => network('NOT_FOUND', 'backend', { backend: 'moon' })],
  ['0 CPUs', () => vm(bad, 'cpuCount', { cpuCount: 0 })],
  ['-1 CPUs', () => vm(bad, 'cpuCount', { cpuCount: -1 })],
  ['513 CPUs', () => vm(bad, 'cpuCount', { cpuCount: 513 })],
  ['half a CPU', () => vm(bad, 'cpuCount', { cpuCount: 0.5 })],
  ['more CPUs than an Int holds', () => vm(bad, 'cpuCount', { cpuCount: 2 ** 31 })],
  ['CPUs in words', () => vm(bad, 'cpuCount', { cpuCount: 'four' })],
  ['too little memory', () => vm(bad, 'memoryMib', { memoryMib: 63 })],
  ['too much memory', () => vm(bad, 'memoryMib', { memoryMib: 16_777_217 })],
  [
    'a disk smaller than the template',
    () => vm(bad, 'diskGib', { templateId: world.largeTemplate, diskGib: 9 }),
  ],
  ['a disk beyond all bounds', () => vm(bad, 'diskGib', { diskGib: 65_537 })],
  ['an unknown template', () => vm('NOT_FOUND', 'templateId', { templateId: 'tpl_0' })],
  ['somebody else’s template', () => vm('NOT_FOUND', 'templateId', { templateId: world.foreignTemplate })],
  [
    'a template that is not on the backend',
    () => vm(bad, 'templateId', { templateId: world.largeTemplate, backend: 'narrow' }),
  ],
  ['somebody else’s network', () => vm('NOT_FOUND', 'networkIds', { networkIds: [world.foreignNetwork] })],
  ['a network twice', () => vm(bad, 'networkIds', { networkIds: [world.network, world.network] })],
  ['a network on another backend', () => vm(bad, 'networkIds', { networkIds: [world.narrowNetwork] })],
  [
    'nine networks',
    () => vm(bad, 'networkIds', { networkIds: Array.from({ length: 9 }, (_, n) => `net_${String(n)}`) }),
  ],
  [
    '65 labels',
    () =>
      vm(bad, 'labels', {
        labels: Array.from({ length: 65 }, (_, n) => ({ name: `l${String(n)}`, value: '' })),
      }),
  ],
  [
    'a label twice',
    () =>
      vm(bad, 'labels[1].name', {
        labels: [
          { name: 'a', value: '1' },
          { name: 'a', value: '2' },
        ],
      }),
  ],
  [
    'a label’s value with a line end',
    () => vm(bad, 'labels[0].value', { labels: [{ name: 'a', value: '1\n2' }] }),
  ],
  [
    'a label’s value of 256 characters',
    () => vm(bad, 'labels[0].value', { labels: [{ name: 'a', value: 'x'.repeat(256) }] }),
  ],
  ['33 SSH keys', () => vm(bad, 'sshKeys', { sshKeys: Array<string>(33).fill(KEY) })],
  ['no SSH key at all', () => vm(bad, 'sshKeys[0]', { sshKeys: [SECRET] })],
  ['an SSH key with a second line', () => vm(bad, 'sshKeys[1]', { sshKeys: [KEY, `${KEY}\n${SECRET}`] })],
  [
    'a private key',
    () => vm(bad, 'sshKeys[0]', { sshKeys: [`-----BEGIN OPENSSH PRIVATE KEY-----\n${SECRET}`] }),
  ],
  ['33 KiB of user data', () => vm(bad, 'userData', { userData: SECRET.padEnd(33 * 1024, 'x') })],
  ['NUL in user data', () => vm(bad, 'userData', { userData: `${SECRET}\0` })],
  ['user data in a number', () => vm(bad, 'userData', { userData: 42 })],
  [
    'user data where the guest gets none',
    () => vm('UNSUPPORTED', 'userData', { userData: SECRET, backend: 'narrow' }),
  ],
  [
    'SSH keys where the guest gets none',
    () => vm('UNSUPPORTED', 'sshKeys', { sshKeys: [KEY], backend: 'narrow' }),
  ],
  ['an idempotency key with a blank', () => vm(bad, 'idempotencyKey', { idempotencyKey: 'a b' })],
  [
    'an idempotency key of 129 characters',
    () => vm(bad, 'idempotencyKey', { idempotencyKey: 'x'.repeat(129) }),
  ],
  ['an empty idempotency key', () => network(bad, 'idempotencyKey', { idempotencyKey: '' })],
  ['no name', () => vm(bad, 'name', { name: undefined })],
  ['null for a name', () => vm(bad, 'name', { name: null })],
  ...(
    ['status', 'externalId', 'id', 'powerState', 'lifecycle', 'createdAt', 'actor', '__proto__x'] as const
  ).map((column) => [`the column ${column}`, () => vm(bad, column, { [column]: 'RUNNING' })] as const),
  ['somebody else’s tenant', () => vm('NOT_FOUND', 'tenantId', { tenantId: world.bolt.id })],
  [
    'somebody else’s tenant for a network',
    () => network('NOT_FOUND', 'tenantId', { tenantId: world.bolt.id }),
  ],
  ...[
    ['host bits', '10.1.0.1/24'],
    ['IPv6', 'fd00::/64'],
    ['a /31', '10.1.0.0/31'],
    ['a /30', '10.1.0.0/30'],
    ['a /7', '10.0.0.0/7'],
    ['loopback', '127.0.0.0/24'],
    ['link-local addresses', '169.254.0.0/24'],
    ['multicast addresses', '224.0.0.0/24'],
    ['no length', '10.1.0.0'],
    ['a length beyond 32', '10.1.0.0/33'],
    ['an octet beyond 255', '10.1.256.0/24'],
    ['an octal octet', '010.1.0.0/24'],
    ['words', 'my network'],
    ['a second line', '10.1.0.0/24\n'],
    ['the own network’s range', '10.50.0.0/24'],
    ['a part of the own network’s range', '10.50.0.128/25'],
    ['more than the own network’s range', '10.50.0.0/16'],
  ].map(([title, cidr]) => [`a prefix of ${title!}`, () => network(bad, 'cidr', { cidr })] as const),
  ['an unsupported mode', () => network('UNSUPPORTED', 'mode', { mode: 'ROUTED', backend: 'narrow' })],
  ['an unknown mode', () => network(bad, 'mode', { mode: 'MAGIC' })],
  [
    'a range of another tenant where ranges are shared',
    () => network(bad, 'cidr', { cidr: '10.60.0.0/24', backend: 'narrow' }),
  ],
];

function expectTold(error: ApiError, expected: Refused): void {
  const { code, details } = error.extensions;
  expect([code, details?.['field']]).toEqual([expected.code, expected.field]);
  expect(ERROR_CODES).toContain(code);
  expect(error.message).toContain(expected.field);
  expect(JSON.stringify(error)).not.toMatch(INSIDES);
  expect(JSON.stringify(error)).not.toContain(SECRET);
}

describe('a refused creation', () => {
  it.each(TABLE)('because of %s says so, and leaves nothing behind', async (_title, make) => {
    const row = make();
    const before = world.traces();
    expectTold(
      await world.acme.operator.mutateRefused(row.mutation, world.inputFor(row.mutation, row.input)),
      row,
    );
    expect(world.traces()).toEqual(before);
  });

  it('would have succeeded with the good input alone', async () => {
    const { operator } = world.acme;
    for (const mutation of ['createNetwork', 'createVm']) {
      const { task } = await operator.mutate(mutation, world.inputFor(mutation, {}), 'task { id }');
      await succeeded(operator, task.id);
    }
  });

  it('does not name whose range it is that overlaps', async () => {
    const input = world.inputFor('createNetwork', { name: 'again', cidr: '10.60.0.0/24', backend: 'narrow' });
    const { message, extensions } = await world.acme.operator.mutateRefused('createNetwork', input);
    expect(JSON.stringify([message, extensions])).not.toMatch(/bolt|net_|ten_/);
  });

  it('leaves no secret in the log', () => {
    expect(world.gateway.log()).not.toContain(SECRET);
    expect(world.gateway.databaseBytes()).not.toContain(SECRET);
  });
});

describe('other refused mutations', () => {
  const cases: [string, string, () => ApiClient, () => object, string, string][] = [
    ['a resize to nothing', 'resizeVm', () => world.acme.operator, () => ({ id: world.vm }), bad, 'input'],
    [
      'a resize to 0 CPUs',
      'resizeVm',
      () => world.acme.operator,
      () => ({ id: world.vm, cpuCount: 0 }),
      bad,
      'input.cpuCount',
    ],
    [
      'a smaller disk',
      'resizeVm',
      () => world.acme.operator,
      () => ({ id: world.vm, diskGib: 4 }),
      bad,
      'input.diskGib',
    ],
    ['an unknown VM', 'startVm', () => world.acme.operator, () => ({ id: '' }), 'NOT_FOUND', 'input.id'],
    [
      'an unknown task',
      'cancelTask',
      () => world.acme.operator,
      () => ({ id: "' OR 1=1 --" }),
      'NOT_FOUND',
      'input.id',
    ],
    [
      'a graceful stop, forced by a word',
      'stopVm',
      () => world.acme.operator,
      () => ({ id: world.vm, force: 'yes' }),
      bad,
      'input.force',
    ],
    [
      'an expiry in the past',
      'createApiToken',
      () => world.acme.owner,
      () => ({ role: 'VIEWER', name: 'x', expiresAt: '2020-01-01T00:00:00Z' }),
      bad,
      'input.expiresAt',
    ],
    [
      'an expiry that is no date',
      'createApiToken',
      () => world.acme.owner,
      () => ({ role: 'VIEWER', name: 'x', expiresAt: '2026-02-30T00:00:00Z' }),
      bad,
      'input.expiresAt',
    ],
    [
      'an unknown role',
      'createApiToken',
      () => world.acme.owner,
      () => ({ role: 'ROOT', name: 'x' }),
      bad,
      'input.role',
    ],
    [
      'a token’s name of nothing',
      'createApiToken',
      () => world.acme.owner,
      () => ({ role: 'VIEWER', name: ' ' }),
      bad,
      'input.name',
    ],
    [
      'a token’s own secret',
      'createApiToken',
      () => world.acme.owner,
      () => ({ role: 'VIEWER', name: 'x', secretHash: 'x' }),
      bad,
      'input.secretHash',
    ],
    [
      'a slug with capitals',
      'createTenant',
      () => world.gateway.admin,
      () => ({ slug: 'Acme', name: 'x' }),
      bad,
      'input.slug',
    ],
    [
      'a slug of 33 characters',
      'createTenant',
      () => world.gateway.admin,
      () => ({ slug: 'a'.repeat(33), name: 'x' }),
      bad,
      'input.slug',
    ],
    [
      'a tenant’s name with a line end',
      'createTenant',
      () => world.gateway.admin,
      () => ({ slug: 'a', name: 'x\ny' }),
      bad,
      'input.name',
    ],
    [
      'a tenant’s name of 101 characters',
      'createTenant',
      () => world.gateway.admin,
      () => ({ slug: 'a', name: 'x'.repeat(101) }),
      bad,
      'input.name',
    ],
    [
      'no tenant from an administrator',
      'createVm',
      () => world.gateway.admin,
      () => ({ name: 'x', templateId: 'x' }),
      bad,
      'input.tenantId',
    ],
  ];

  it.each(cases)(
    'because of %s say so, and leave nothing behind',
    async (_title, mutation, caller, input, code, field) => {
      const before = world.traces();
      const error = await caller().mutateRefused(mutation, input());
      expectTold(error, { mutation, input: {}, field, code: code as Refused['code'] });
      expect(world.traces()).toEqual(before);
    },
  );
});

describe('pages', () => {
  const forged = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  it.each([
    ['first: 501', 'first'],
    ['first: -1', 'first'],
    ['last: 501', 'last'],
    ['first: 1, last: 1', 'last'],
    ['after: ""', 'after'],
    ['after: "not a cursor"', 'after'],
    ['before: "bm90IGEgY3Vyc29y"', 'before'],
    [`after: "${forged({ id: 'vm_1' })}"`, 'after'],
    [`after: "${forged([1, 'CREATED_AT-ASC', null])}"`, 'after'],
    [`after: "${forged(['vm_1', 'NAME-ASC', 'a'])}"`, 'after'],
    [`orderBy: { field: NAME }, after: "${forged(['vm_1', 'NAME-ASC', { a: 1 }])}"`, 'after'],
    [`after: "${'A'.repeat(2000)}"`, 'after'],
  ])('with %s are refused', async (args, field) => {
    const error = await world.acme.viewer.refusal(`{ vms(${args}) { nodes { id } } }`);
    expect([error.extensions.code, error.extensions.details?.['field']]).toEqual([bad, field]);
    expect(error.message.startsWith(`${field}: `)).toBe(true);
  });

  it.each(['taskEvents', 'vmEvents'])('and streams of %s refuse a forged cursor', async (field) => {
    for (const after of ['', 'x', 'A'.repeat(22), forged(1)]) {
      const query = `subscription ($after: String) { ${field}(after: $after) { cursor } }`;
      const [error] = await refusalOf(world.acme.viewer.events(query, { after }));
      expect(error?.extensions).toMatchObject({ code: bad, details: { field: 'after' } });
    }
  });
});

describe('requests as such', () => {
  it('with an oversize body are refused', async () => {
    const answer = await world.acme.viewer.post(
      JSON.stringify({ query: '{ viewer { kind } }', pad: 'x'.repeat(300_000) }),
    );
    expect([answer.status, answer.errors[0]?.extensions.code]).toEqual([413, bad]);
    expect(answer.errors[0]?.extensions.details).toMatchObject({ limit: 'bodyBytes' });
  });

  it('in an oversize frame close the socket', async () => {
    const source = world.acme.viewer.events(`subscription { vmEvents { cursor } } #${'x'.repeat(70_000)}`);
    await expect(source.next()).rejects.toMatchObject({ code: 1009 });
    await source.close();
  });

  it('are answered UNAUTHENTICATED once their token has expired', async () => {
    const expiresAt = new Date(Date.now() + 100).toISOString();
    const { secret } = await createToken(world.acme.owner, { role: 'OPERATOR', expiresAt });
    const input = world.inputFor('createVm', { name: 'too-late' });
    const late = world.acme.owner.as(secret);
    await until(async () => (await late.ask('{ viewer { kind } }')).status === 401);
    expect((await late.mutateRefused('createVm', input)).extensions.code).toBe('UNAUTHENTICATED');
  });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { type Config, ConfigError, type LoadConfigOptions, loadConfig } from './index';

const SECRET = 'swordfish-swordfish-swordfish-99';

const providers = {
  memory: z.strictObject({ latencyMs: z.int().min(0).default(0) }),
  libvirt: z.strictObject({ uri: z.string().startsWith('qemu'), password: z.string().optional() }),
  vsphere: z.strictObject({
    url: z.string().startsWith('http'),
    password: z.string().min(1),
    datacenter: z.string().optional(),
    pollMs: z.int().default(1000),
  }),
};

const simulators = {
  vsphere: {
    optionsSchema: z.strictObject({
      vms: z.int().min(0).default(10),
      faults: z.strictObject({ drop: z.number().max(1).default(0) }).prefault({}),
    }),
    connectionExample: { url: 'http://127.0.0.1/sdk', password: SECRET },
  },
};

const MEMORY = '{ name: demo, kind: memory, location: INTERNAL }';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'hypergate-config-'));
});
afterEach(() => {
  rmSync(cwd, { recursive: true, force: true });
});

function load(text: string, env: Record<string, string> = {}): Config {
  writeFileSync(join(cwd, 'hypergate.yaml'), text);
  return loadConfig({ providers, simulators, env, cwd });
}

function problemsOf(text: string, env: Record<string, string> = {}): readonly string[] {
  try {
    load(text, env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    expect(error.message).not.toContain(SECRET);
    return error.problems;
  }
  throw new Error('The configuration was accepted.');
}

describe('loadConfig', () => {
  it('falls back to an embedded default that needs nothing', () => {
    const config = loadConfig({ providers: { memory: z.looseObject({}) }, simulators: {}, env: {}, cwd });
    expect(config).toMatchObject({
      source: 'embedded default',
      server: { host: '127.0.0.1', port: 4000, ide: true, cors: { origins: [] } },
      database: { type: 'sqlite', file: 'data/hypergate.db' },
      backends: [{ name: 'demo', kind: 'memory', location: 'INTERNAL' }],
      notices: [],
    });
  });

  it('gives a file that names no backends those of the default, unless it says that there are none', () => {
    const any = { memory: z.looseObject({}) };
    const names = (text: string): string[] => {
      writeFileSync(join(cwd, 'hypergate.yaml'), text);
      return loadConfig({ providers: any, simulators: {}, env: {}, cwd }).backends.map(({ name }) => name);
    };
    expect(names('server: { port: 4100 }')).toContain('demo');
    expect(names('')).toContain('demo');
    expect(names('backends: []')).toEqual([]);
  });

  it('has simulated backends among its defaults where there are some', () => {
    const names = (options: Pick<LoadConfigOptions, 'providers' | 'simulators'>): string[] =>
      loadConfig({ ...options, env: {}, cwd }).backends.map(({ name }) => name);
    const vsphere = { ...simulators.vsphere, optionsSchema: z.looseObject({}) };
    const memory = z.looseObject({});
    expect(names({ providers: { ...providers, memory }, simulators: { vsphere } })).toEqual(
      expect.arrayContaining(['demo', 'vsphere-sim']),
    );
    expect(names({ providers: { ...providers, memory }, simulators: {} })).not.toContain('vsphere-sim');
    expect(names({ providers: { memory }, simulators: { vsphere } })).not.toContain('vsphere-sim');
  });

  it('prefers the file that HYPERGATE_CONFIG names', () => {
    writeFileSync(join(cwd, 'hypergate.yaml'), 'nonsense: true');
    writeFileSync(join(cwd, 'other.yaml'), `{ server: { port: 4100 }, backends: [${MEMORY}] }`);
    const config = loadConfig({ providers, simulators, env: { HYPERGATE_CONFIG: 'other.yaml' }, cwd });
    expect(config.server.port).toBe(4100);
    expect(config.source).toBe(join(cwd, 'other.yaml'));
  });

  it('says so when the named file is not there', () => {
    expect(() => loadConfig({ providers, simulators, env: { HYPERGATE_CONFIG: 'gone.yaml' }, cwd })).toThrow(
      /ENOENT/,
    );
  });

  it('expands variables inside values, once, and leaves an escaped one alone', () => {
    const config = load(
      `database: { type: mysql, url: "mysql://u:\${DB_PASSWORD}@db:3306/hypergate" }
backends: [{ name: kvm, kind: libvirt, location: EXTERNAL, uri: "qemu:\${A}-$\${B}" }]`,
      { DB_PASSWORD: 'p${A}', A: 'a' },
    );
    expect(config.database).toEqual({ type: 'mysql', url: 'mysql://u:p${A}@db:3306/hypergate' });
    expect(config.backends[0]?.settings).toEqual({ uri: 'qemu:a-${B}' });
  });

  it('is frozen all the way down', () => {
    const config = load(`backends: [${MEMORY}]`);
    for (const part of [config, config.server, config.server.cors.origins, config.backends[0]?.settings]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
  });

  const MYSQL = 'database: { type: mysql, url: "mysql://u:p@db:3306/h" }';

  it('takes Redis and roles where replicas share a database', () => {
    const shared = `${MYSQL}\nredis: { url: "redis://127.0.0.1:6379" }\nbackends: [${MEMORY}]`;
    const config = load(`${shared}\nroles: [worker]`);
    expect(config).toMatchObject({
      redis: { url: 'redis://127.0.0.1:6379' },
      roles: ['worker'],
      notices: [],
    });
    expect(load(shared).roles).toEqual(['api', 'worker']);
  });

  it('says that Redis is of no use with SQLite', () => {
    const { notices } = load(`redis: { url: "redis://127.0.0.1:6379" }\nbackends: [${MEMORY}]`);
    expect(notices).toEqual([expect.stringMatching(/^redis: of no use with SQLite/)]);
  });

  it('takes a limit for any backend', () => {
    const limited = (limit: string): string =>
      `backends: [${MEMORY.replace(/ }$/, `, rateLimit: ${limit} }`)}]`;
    expect(load(limited('{ perSecond: 2.5, burst: 10 }')).backends[0]).toMatchObject({
      rateLimit: { perSecond: 2.5, burst: 10 },
    });
    expect(problemsOf(limited('{ burst: 10 }'))).toEqual([
      expect.stringMatching(/^backends\[0\]\.rateLimit\.perSecond/),
    ]);
    expect(problemsOf(limited('{ perSecond: 0 }'))).toHaveLength(1);
  });

  it('leaves the connection of a simulated backend to its simulator', () => {
    const entry = 'name: sim, kind: vsphere, location: INTERNAL, datacenter: DC0';
    const { backends, notices } = load(`backends: [{ ${entry}, simulator: { vms: 3 } }, ${MEMORY}]`);
    expect(backends).toEqual([
      {
        ...{ name: 'sim', kind: 'vsphere', location: 'INTERNAL' },
        settings: { datacenter: 'DC0' },
        simulator: { vms: 3, faults: { drop: 0 } },
      },
      { name: 'demo', kind: 'memory', location: 'INTERNAL', settings: { latencyMs: 0 } },
    ]);
    expect(notices).toEqual([]);
  });

  it('warns of simulators where replicas share a database', () => {
    const simulated = 'backends: [{ name: sim, kind: vsphere, location: INTERNAL, simulator: {} }]';
    const { notices } = load(`database: { type: mysql, url: "mysql://u:p@db:3306/h" }\n${simulated}`);
    expect(notices).toEqual([expect.stringMatching(/^backends: a simulator lives in one process/)]);
  });

  it.each(['here', ['here', 'there']])('takes the crash points %j of a fault test', (crashAt) => {
    const faults = `faults: { crashAt: ${JSON.stringify(crashAt)} }`;
    expect(load(`${faults}\nbackends: [${MEMORY}]`).faults).toEqual({ crashAt, disable: [] });
  });
});

/** What stands in the file, and the problems that it must be refused with. */
const BAD: readonly (readonly [string, string, readonly (string | RegExp)[]])[] = [
  ['a list at the top', '[1]', [/^\(the whole file\): .*object/]],
  [
    'an unknown key at the top',
    `wrong: 1\nbackends: [${MEMORY}]`,
    [/^wrong: unknown key; allowed: server, database/],
  ],
  [
    'an unknown key further down',
    `server: { prot: 1 }\nbackends: [${MEMORY}]`,
    [/^server\.prot: unknown key; allowed: host, port, cors/],
  ],
  [
    'an unknown key under a kind of database',
    `database: { type: sqlite, path: x }\nbackends: [${MEMORY}]`,
    [/^database\.path: unknown key; allowed: .*file/],
  ],
  [
    'an unknown kind of database',
    `database: { type: mongo }\nbackends: [${MEMORY}]`,
    [/^database\.type: .*mysql.*sqlite/],
  ],
  ['no role at all', `roles: []\nbackends: [${MEMORY}]`, ['roles: api, worker or both']],
  ['an unknown role', `roles: [api, boss]\nbackends: [${MEMORY}]`, [/^roles\[1\]: .*"api"/]],
  ['a role twice', `roles: [api, api]\nbackends: [${MEMORY}]`, ['roles: each role once']],
  [
    'half of the roles on a database that no other process can use',
    `roles: [worker]\nbackends: [${MEMORY}]`,
    ['roles: both with SQLite, which one process has for itself'],
  ],
  ['a bad port', `server: { port: 70000 }\nbackends: [${MEMORY}]`, [/^server\.port: .*65535/]],
  ['a port as text', `server: { port: "80" }\nbackends: [${MEMORY}]`, [/^server\.port: .*number/]],
  [
    'an origin with a path',
    `server: { cors: { origins: ["https://a/b"] } }\nbackends: [${MEMORY}]`,
    [/^server\.cors\.origins\[0\]: an origin/],
  ],
  [
    'any origin',
    `server: { cors: { origins: ["*"] } }\nbackends: [${MEMORY}]`,
    [/^server\.cors\.origins\[0\]: an origin/],
  ],
  [
    'a short token',
    `auth: { adminToken: short }\nbackends: [${MEMORY}]`,
    ['auth.adminToken: a string of 32 or more characters'],
  ],
  [
    'single sign-on',
    `auth: { oidc: { issuer: x, audience: y } }\nbackends: [${MEMORY}]`,
    ['auth.oidc: not supported yet; remove it'],
  ],
  [
    'heartbeats too far apart',
    `tasks: { leaseMs: 5000, heartbeatMs: 4000 }\nbackends: [${MEMORY}]`,
    [/^tasks\.heartbeatMs: at most half/],
  ],
  ['an unknown level', `logging: { level: loud }\nbackends: [${MEMORY}]`, [/^logging\.level: .*"debug"/]],
  ['a bad limit', `limits: { maxDepth: 0 }\nbackends: [${MEMORY}]`, [/^limits\.maxDepth: .*>=1/]],
  [
    'a bad name',
    'backends: [{ name: "Bad Name", kind: memory, location: INTERNAL }]',
    [/^backends\[0\]\.name: a to z/],
  ],
  [
    'an unknown kind',
    'backends: [{ name: a, kind: xen, location: INTERNAL }]',
    ['backends[0].kind: one of memory, libvirt, vsphere'],
  ],
  [
    'a kind out of a prototype',
    'backends: [{ name: a, kind: toString, location: INTERNAL }]',
    [/^backends\[0\]\.kind: one of/],
  ],
  [
    'an unknown location',
    'backends: [{ name: a, kind: memory, location: MOON }]',
    [/^backends\[0\]\.location: .*"INTERNAL"/],
  ],
  [
    'two of one name',
    `backends: [${MEMORY}, ${MEMORY}]`,
    [/^backends\[1\]\.name: a name of its own; backends\[0\]/],
  ],
  [
    "a provider's unknown key",
    'backends: [{ name: a, kind: memory, location: INTERNAL, latency: 1 }]',
    ['backends[0].latency: unknown key; allowed: name, kind, location, rateLimit, maxTasks, latencyMs'],
  ],
  [
    "a provider's bad value",
    `backends: [{ name: a, kind: libvirt, location: INTERNAL, uri: ${SECRET}, password: [${SECRET}] }]`,
    [/^backends\[0\]\.uri: .*"qemu"/, /^backends\[0\]\.password: .*string/],
  ],
  [
    'a simulator of a kind that has none',
    'backends: [{ name: a, kind: memory, location: INTERNAL, simulator: {} }]',
    ['backends[0].simulator: memory has none; kinds with a simulator: vsphere'],
  ],
  [
    'a simulator that is no section',
    'backends: [{ name: a, kind: vsphere, location: INTERNAL, simulator: true }]',
    [/^backends\[0\]\.simulator: expected object/],
  ],
  [
    "a simulator's unknown options and bad values",
    'backends: [{ name: a, kind: vsphere, location: INTERNAL, simulator: { vm: 1, vms: -1, faults: { dorp: 1 } } }]',
    [
      /^backends\[0\]\.simulator\.vms: .*>=0/,
      'backends[0].simulator.faults.dorp: unknown key; allowed: drop',
      'backends[0].simulator.vm: unknown key; allowed: vms, faults',
    ],
  ],
  [
    'a simulated backend with a connection, too',
    `backends: [{ name: a, kind: vsphere, location: INTERNAL, url: "http://a", password: ${SECRET}, simulator: {} }]`,
    [
      'backends[0].url: comes from the simulator; remove one of the two',
      'backends[0].password: comes from the simulator; remove one of the two',
    ],
  ],
  [
    "a simulated backend with a mistake in the provider's keys",
    'backends: [{ name: a, kind: vsphere, location: INTERNAL, pollMs: x, simulator: {} }]',
    [/^backends\[0\]\.pollMs: expected number/],
  ],
  [
    'a backend that is neither connected nor simulated',
    'backends: [{ name: a, kind: vsphere, location: INTERNAL, password: x, datacentre: DC0 }]',
    [
      /^backends\[0\]\.url: .*it is missing/,
      /^backends\[0\]\.datacentre: unknown key; allowed: name, kind, location, rateLimit, maxTasks, simulator, url/,
    ],
  ],
  [
    'a missing variable',
    `auth: { adminToken: "\${NO_SUCH}" }\nbackends: [{ name: "\${NOR_THIS}", kind: memory, location: INTERNAL }]`,
    [
      'auth.adminToken: the environment variable NO_SUCH has to be set',
      'backends[0].name: the environment variable NOR_THIS has to be set',
    ],
  ],
  [
    'a reference cut short',
    `logging: { level: "\${LEVEL" }\nbackends: [${MEMORY}]`,
    [/^logging\.level: a reference looks like/],
  ],
  ['no YAML', `auth: { adminToken: "${SECRET}`, [/^line 1, column \d+: not valid YAML \(/]],
  [
    'a key twice',
    `auth: { adminToken: ${SECRET} }\nauth: {}`,
    [/^line 2, column 1: not valid YAML \(DUPLICATE_KEY\)/],
  ],
];

describe('a configuration that is refused', () => {
  it.each(BAD)('%s', (_title, text, expected) => {
    const problems = problemsOf(text);
    expect(problems).toHaveLength(expected.length);
    expected.forEach((problem, index) => {
      if (typeof problem === 'string') expect(problems[index]).toBe(problem);
      else expect(problems[index]).toMatch(problem);
    });
  });

  it('lists every problem of the file at once', () => {
    expect(problemsOf('server: { port: -1, host: 5 }\nlogging: { level: x }\nbackends: 1')).toHaveLength(4);
  });
});

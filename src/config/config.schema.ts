import { z } from 'zod';
import { PROTECTIONS } from '../kernel';

const positive = z.int().min(1);

const origin = z
  .string()
  .regex(/^https?:\/\/[a-z0-9.-]+(:\d{1,5})?$/i, 'an origin such as https://console.example, without a path');

const server = z.strictObject({
  host: z.string().min(1).default('127.0.0.1'),
  /** 0 lets the system choose a free port. */
  port: z.int().min(0).max(65535).default(4000),
  cors: z.strictObject({ origins: z.array(origin).default([]) }).prefault({}),
  /** GraphiQL on `GET /`. */
  ide: z.boolean().default(true),
  /** Whether clients may read the schema; also whether errors may suggest names from it. */
  introspection: z.boolean().default(true),
  /** Prometheus' metrics on `GET /metrics`, without a token as is usual: close the path in front if need be. */
  metrics: z.boolean().default(true),
  /** Whether `X-Forwarded-*` of a proxy in front is believed. */
  trustProxy: z.boolean().default(false),
  /** How long running requests may take to finish after the order to stop. */
  drainMs: z.int().min(0).default(10_000),
});

const database = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('mysql'),
    url: z.string().regex(/^mysql:\/\/\S+\/\S+$/, 'mysql://USER:PASSWORD@HOST:PORT/DATABASE'),
  }),
  z.strictObject({ type: z.literal('sqlite'), file: z.string().min(1).default('data/hypergate.db') }),
]);

const auth = z.strictObject({
  /** Absent: one is made at the first start and printed once. */
  adminToken: z.string().min(32, 'a string of 32 or more characters').optional(),
  oidc: z.undefined({ error: 'not supported yet; remove it' }).optional(),
});

const limits = z.strictObject({
  /** Levels of nested fields in one operation, introspection apart. */
  maxDepth: positive.default(12),
  maxAliases: positive.default(15),
  maxDirectives: positive.default(5),
  /** Fields named again in a selection set that names them already. */
  maxRepeatedFields: positive.default(10),
  /** Lexical tokens in one document. */
  maxTokens: positive.default(2000),
  /** Fields that an operation may make the gateway resolve, by estimate: page sizes multiply. */
  maxCost: positive.default(50_000),
  /** The same for each event of a subscription. */
  maxSubscriptionCost: positive.default(2000),
  maxBodyBytes: positive.default(256 * 1024),
  maxSocketPayloadBytes: positive.default(64 * 1024),
  /** Subscriptions that may run at one time over one WebSocket. */
  maxOperationsPerSocket: positive.default(50),
  /** WebSockets that a tenant may have open at one replica; administrators are not limited. */
  maxSocketsPerTenant: positive.default(1000),
  /** WebSockets at one replica that have not shown a token yet; each has five seconds for that. */
  maxPendingSockets: positive.default(1000),
});

const tasks = z.strictObject({
  /** Tasks that one process runs at the same time. */
  concurrency: positive.default(8),
  /** Tasks that all processes together run on one backend at the same time. */
  perBackend: positive.default(16),
  leaseMs: z.int().min(1000).default(30_000),
  heartbeatMs: z.int().min(100).default(10_000),
  pollMs: z.int().min(10).default(1000),
  /** Deaths of workers in a row after which a task is taken for their cause. */
  maxCrashes: positive.default(5),
  /** How long events are kept; tasks themselves stay. */
  retentionDays: positive.default(30),
});

const reconcile = z.strictObject({
  /** `report` looks and tells, and changes nothing; `off` only takes in the states of VMs. */
  mode: z.enum(['off', 'report', 'repair']).default('repair'),
  /** How often each backend is listed. */
  intervalSec: z.number().min(0.1).default(60),
  /** How long something has to be seen, on top of the backend's listing lag, before anything is done about it. */
  graceSec: z.number().min(0).default(60),
});

/** The kind-specific rest is checked by the provider's schema in a second pass. */
export const backendSchema = z.looseObject({
  name: z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, 'a to z, 0 to 9 and hyphens, beginning with a letter'),
  kind: z.string().min(1),
  location: z.enum(['INTERNAL', 'EXTERNAL']),
  /** What the backend may be asked at most; it may bear less, which is found out. */
  rateLimit: z
    .strictObject({
      perSecond: z.number().min(0.1).max(10_000),
      burst: z.int().min(1).max(10_000).optional(),
    })
    .optional(),
  /** Instead of `tasks.perBackend`. */
  maxTasks: positive.optional(),
  /** Options of the simulator that the gateway is to start; checked by its own schema in that pass, too. */
  simulator: z.looseObject({}).optional(),
});

const roles = z
  .array(z.enum(['api', 'worker']))
  .min(1, 'api, worker or both')
  .refine((value) => new Set(value).size === value.length, 'each role once');

const sections = z.strictObject({
  server: server.prefault({}),
  database: database.prefault({ type: 'sqlite' }),
  redis: z.strictObject({ url: z.string().regex(/^rediss?:\/\/\S+$/, 'redis://HOST:PORT') }).optional(),
  /** What this process does: answer clients, run tasks. */
  roles: roles.default(['api', 'worker']),
  auth: auth.prefault({}),
  limits: limits.prefault({}),
  tasks: tasks
    .refine((value) => value.heartbeatMs * 2 <= value.leaseMs, {
      path: ['heartbeatMs'],
      error: 'at most half of leaseMs, so that one lost heartbeat loses no task',
    })
    .prefault({}),
  reconcile: reconcile.prefault({}),
  logging: z
    .strictObject({ level: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info') })
    .prefault({}),
  backends: z.array(backendSchema),
  /** For fault tests only, and for no other use. */
  faults: z
    .strictObject({
      /** The crash points at the first of which the process kills itself; with `stop:` before it, freezes itself. */
      crashAt: z.union([z.string().min(1), z.array(z.string().min(1))]).optional(),
      /** What is switched off of the engine's protections. */
      disable: z.array(z.enum(PROTECTIONS)).default([]),
    })
    .optional(),
});

/** The shape of the configuration file, with the defaults of whatever is left out. */
export const configSchema = sections.refine(
  (value) => value.database.type !== 'sqlite' || value.roles.length !== 1,
  { path: ['roles'], error: 'both with SQLite, which one process has for itself' },
);

import type { z } from 'zod';
import type { BackendConfig, Config } from './config';
import { ConfigError, printPath } from './config-error';
import { backendSchema, configSchema } from './config.schema';
import { describeProblems } from './describe-problems';
import { type Env, expandEnv } from './expand-env';
import { readSource } from './read-source';

/** Each kind of provider with the schema of its own keys in an entry of `backends`. */
export type ProviderSchemas = Readonly<Record<string, z.ZodType>>;

export interface LoadConfigOptions {
  readonly providers: ProviderSchemas;
  /** The process' own when absent. */
  readonly env?: Env;
  /** The process' working directory when absent. */
  readonly cwd?: string;
}

type BackendEntry = z.output<typeof backendSchema>;

interface CheckedBackends {
  readonly backends: readonly BackendConfig[];
  readonly problems: readonly string[];
}

const COMMON_KEYS = Object.keys(backendSchema.shape);

function checkBackend(entry: BackendEntry, index: number, providers: ProviderSchemas): CheckedBackends {
  const path = ['backends', index];
  const { name, kind, location, ...rest } = entry;
  const schema = Object.hasOwn(providers, kind) ? providers[kind] : undefined;
  if (schema === undefined) {
    const known = Object.keys(providers).join(', ');
    return { backends: [], problems: [`${printPath([...path, 'kind'])}: one of ${known}`] };
  }
  const parsed = schema.safeParse(rest);
  if (!parsed.success) {
    return { backends: [], problems: describeProblems(parsed.error, schema, path, COMMON_KEYS) };
  }
  return { backends: [{ name, kind, location, settings: parsed.data }], problems: [] };
}

function duplicateNames(entries: readonly BackendEntry[]): string[] {
  const names = entries.map((entry) => entry.name);
  return names.flatMap((name, index) => {
    const first = names.indexOf(name);
    if (first === index) return [];
    return [`backends[${index}].name: a name of its own; backends[${first}] is already called ${name}`];
  });
}

function checkBackends(entries: readonly BackendEntry[], providers: ProviderSchemas): CheckedBackends {
  const checked = entries.map((entry, index) => checkBackend(entry, index, providers));
  return {
    backends: checked.flatMap(({ backends }) => backends),
    problems: [...duplicateNames(entries), ...checked.flatMap(({ problems }) => problems)],
  };
}

function noticesFor(parsed: z.output<typeof configSchema>): string[] {
  if (parsed.redis === undefined) return [];
  return ['redis: accepted and not used yet; replicas find new work and events by polling the database.'];
}

/** Freezes plain objects and arrays all the way down; instances of classes are their owner's business. */
function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null && !Array.isArray(value)) return value;
  Object.values(value).forEach(deepFreeze);
  return Object.freeze(value);
}

/**
 * Reads, expands and checks the configuration. The only place that looks at the environment.
 * @throws ConfigError naming every problem at once
 */
export function loadConfig(options: LoadConfigOptions): Config {
  const { providers, env = process.env, cwd = process.cwd() } = options;
  const source = readSource({ env, cwd, kinds: Object.keys(providers) });
  const expanded = expandEnv(source.value, env);
  if (expanded.problems.length > 0) throw new ConfigError(source.name, expanded.problems);
  const parsed = configSchema.safeParse(expanded.value);
  if (!parsed.success) throw new ConfigError(source.name, describeProblems(parsed.error, configSchema));
  const { backends, problems } = checkBackends(parsed.data.backends, providers);
  if (problems.length > 0) throw new ConfigError(source.name, problems);
  return deepFreeze({ ...parsed.data, backends, source: source.name, notices: noticesFor(parsed.data) });
}

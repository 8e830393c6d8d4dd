import type { z } from 'zod';
import { checkBackends } from './check-backends';
import type { BackendSchemas } from './check-backends';
import type { Config } from './config';
import { ConfigError } from './config-error';
import { configSchema } from './config.schema';
import { describeProblems } from './describe-problems';
import { type Env, expandEnv } from './expand-env';
import { readSource } from './read-source';

export interface LoadConfigOptions extends BackendSchemas {
  /** The process' own when absent. */
  readonly env?: Env;
  /** The process' working directory when absent. */
  readonly cwd?: string;
}

function noticesFor({ redis, database, backends, faults }: z.output<typeof configSchema>): string[] {
  const notices: string[] = [];
  if (redis !== undefined && database.type === 'sqlite') {
    notices.push('redis: of no use with SQLite, which one process has for itself.');
  }
  if (database.type !== 'sqlite' && backends.some(({ simulator }) => simulator !== undefined)) {
    notices.push('backends: a simulator lives in one process; replicas need one that is started apart.');
  }
  if (faults !== undefined && faults.disable.length > 0) {
    notices.push(
      `faults.disable: ${faults.disable.join(', ')}: TASKS MAY BE LOST OR DONE TWICE. This is for fault tests only.`,
    );
  }
  return notices;
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
  const { providers, simulators, env = process.env, cwd = process.cwd() } = options;
  const source = readSource({ env, cwd, kinds: Object.keys(providers), simulated: Object.keys(simulators) });
  const expanded = expandEnv(source.value, env);
  if (expanded.problems.length > 0) throw new ConfigError(source.name, expanded.problems);
  const parsed = configSchema.safeParse(expanded.value);
  if (!parsed.success) throw new ConfigError(source.name, describeProblems(parsed.error, configSchema));
  const { backends, problems } = checkBackends(parsed.data.backends, options);
  if (problems.length > 0) throw new ConfigError(source.name, problems);
  return deepFreeze({ ...parsed.data, backends, source: source.name, notices: noticesFor(parsed.data) });
}

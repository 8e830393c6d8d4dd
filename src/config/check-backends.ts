import type { z } from 'zod';
import type { BackendConfig } from './config';
import { printPath } from './config-error';
import { backendSchema } from './config.schema';
import { describeProblems } from './describe-problems';

/** Each kind of provider with the schema of its own keys in an entry of `backends`. */
export type ProviderSchemas = Readonly<Record<string, z.ZodType>>;

/** What is to be known of a simulator to check an entry without starting it. */
interface SimulatorSchema {
  readonly optionsSchema: z.ZodType;
  /** The keys that it gives to the provider, with values that the provider accepts. */
  readonly connectionExample: Readonly<Record<string, string>>;
}

/** The kinds of provider that the gateway has a simulator for. */
export type SimulatorSchemas = Readonly<Record<string, SimulatorSchema>>;

export interface BackendSchemas {
  readonly providers: ProviderSchemas;
  readonly simulators: SimulatorSchemas;
}

type BackendEntry = z.output<typeof backendSchema>;

interface CheckedBackends {
  readonly backends: readonly BackendConfig[];
  readonly problems: readonly string[];
}

const COMMON_KEYS = Object.keys(backendSchema.shape);

/** Kinds are free text, which might be the name of something that every object inherits. */
function ofKind<T>(schemas: Readonly<Record<string, T>>, kind: string): T | undefined {
  return Object.hasOwn(schemas, kind) ? schemas[kind] : undefined;
}

function refused(...problems: readonly string[]): CheckedBackends {
  return { backends: [], problems };
}

function checkBackend(entry: BackendEntry, index: number, schemas: BackendSchemas): CheckedBackends {
  const path = ['backends', index];
  const provider = ofKind(schemas.providers, entry.kind);
  if (provider === undefined) {
    return refused(`${printPath([...path, 'kind'])}: one of ${Object.keys(schemas.providers).join(', ')}`);
  }
  if (entry.simulator !== undefined) return checkSimulated(entry, path, provider, schemas.simulators);
  const { name, kind, location, rateLimit, maxTasks, simulator: _absent, ...own } = entry;
  const parsed = provider.safeParse(own);
  if (parsed.success)
    return {
      backends: [{ name, kind, location, ...limitsOf({ rateLimit, maxTasks }), settings: parsed.data }],
      problems: [],
    };
  const hasSimulator = ofKind(schemas.simulators, kind) !== undefined;
  const common = COMMON_KEYS.filter((key) => key !== 'simulator' || hasSimulator);
  return refused(...describeProblems(parsed.error, provider, path, common));
}

/** What was left out stays out. */
function limitsOf({
  rateLimit,
  maxTasks,
}: Pick<BackendEntry, 'rateLimit' | 'maxTasks'>): Pick<BackendConfig, 'rateLimit' | 'maxTasks'> {
  const most = maxTasks === undefined ? {} : { maxTasks };
  if (rateLimit === undefined) return most;
  const { perSecond, burst } = rateLimit;
  return { ...most, rateLimit: { perSecond, ...(burst === undefined ? {} : { burst }) } };
}

/** The connection is not known yet, so the provider's schema judges the rest beside an example of one. */
function checkSimulated(
  { name, kind, location, rateLimit, maxTasks, simulator: options, ...own }: BackendEntry,
  path: readonly PropertyKey[],
  provider: z.ZodType,
  simulators: SimulatorSchemas,
): CheckedBackends {
  const simulator = ofKind(simulators, kind);
  if (simulator === undefined) {
    const known = Object.keys(simulators).join(', ') || 'none';
    return refused(
      `${printPath([...path, 'simulator'])}: ${kind} has none; kinds with a simulator: ${known}`,
    );
  }
  const given = Object.keys(simulator.connectionExample).filter((key) => Object.hasOwn(own, key));
  const settings = provider.safeParse({ ...own, ...simulator.connectionExample });
  const parsed = simulator.optionsSchema.safeParse(options);
  const problems = [
    ...given.map((key) => `${printPath([...path, key])}: comes from the simulator; remove one of the two`),
    ...(settings.error ? describeProblems(settings.error, provider, path, COMMON_KEYS) : []),
    ...(parsed.error ? describeProblems(parsed.error, simulator.optionsSchema, [...path, 'simulator']) : []),
  ];
  if (problems.length > 0) return refused(...problems);
  return {
    backends: [
      { name, kind, location, ...limitsOf({ rateLimit, maxTasks }), settings: own, simulator: parsed.data },
    ],
    problems,
  };
}

function duplicateNames(entries: readonly BackendEntry[]): string[] {
  const names = entries.map((entry) => entry.name);
  return names.flatMap((name, index) => {
    const first = names.indexOf(name);
    if (first === index) return [];
    return [`backends[${index}].name: a name of its own; backends[${first}] is already called ${name}`];
  });
}

/** The second pass over `backends`: names among each other, and the keys that only the kinds know. */
export function checkBackends(entries: readonly BackendEntry[], schemas: BackendSchemas): CheckedBackends {
  const checked = entries.map((entry, index) => checkBackend(entry, index, schemas));
  return {
    backends: checked.flatMap(({ backends }) => backends),
    problems: [...duplicateNames(entries), ...checked.flatMap(({ problems }) => problems)],
  };
}

import type { z } from 'zod';
import type { configSchema } from './config.schema';

/** Where a backend stands: run by the service provider itself, or rented from somebody else. */
export type BackendLocation = 'INTERNAL' | 'EXTERNAL';

/** One configured backend. */
export interface BackendConfig {
  /** Unique; what `backend:` in an input names. */
  readonly name: string;
  /** The kind of provider, a key of the registry. */
  readonly kind: string;
  readonly location: BackendLocation;
  /** Requests each second on average, and at once after a rest. */
  readonly rateLimit?: { readonly perSecond: number; readonly burst?: number };
  /** Tasks that all processes together run on it at the same time; `tasks.perBackend` when absent. */
  readonly maxTasks?: number;
  /** The other keys of the entry, checked and completed by the provider's own schema. */
  readonly settings: unknown;
  /**
   * Present when this process is to simulate the backend itself: the simulator's options, completed by its schema.
   * `settings` are then as written, and want the simulator's connection beside them.
   */
  readonly simulator?: unknown;
}

type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;

/** Everything but the backends, whose shape the providers know. */
type BaseConfig = DeepReadonly<Omit<z.output<typeof configSchema>, 'backends'>>;

/** The whole configuration, parsed once at start and deeply frozen. */
export interface Config extends BaseConfig {
  readonly backends: readonly BackendConfig[];
  /** Where it came from, for the log: a file's path, or `embedded default`. */
  readonly source: string;
  /** What an operator should know about accepted settings, one sentence each; logged at start. */
  readonly notices: readonly string[];
}

export type ServerConfig = Config['server'];
export type DatabaseConfig = Config['database'];
export type LimitsConfig = Config['limits'];
export type TasksConfig = Config['tasks'];

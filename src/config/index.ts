export type {
  BackendConfig,
  BackendLocation,
  Config,
  DatabaseConfig,
  LimitsConfig,
  ServerConfig,
  TasksConfig,
} from './config';
export { ConfigError } from './config-error';
export { describeProblems } from './describe-problems';
export { loadConfig } from './load-config';
export type { LoadConfigOptions } from './load-config';

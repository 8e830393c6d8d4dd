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
export { loadConfig } from './load-config';
export type { LoadConfigOptions, ProviderSchemas } from './load-config';

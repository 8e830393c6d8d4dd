export type {
  BackendConfig,
  BackendLocation,
  Config,
  DatabaseConfig,
  LimitsConfig,
  ServerConfig,
  TasksConfig,
} from './config';

import 'reflect-metadata';
import { loadConfig } from './src/config';
import { createDataSource } from './src/database';
import { backendConfigSchemas } from './src/providers/registry';
import { SIMULATORS } from './src/simulators/registry';
import { TABLES } from './src/gateway/tables';

/** The one DataSource, as the configuration names it: what the TypeORM command line loads. */
export default createDataSource(
  loadConfig({ providers: backendConfigSchemas(), simulators: SIMULATORS }).database,
  TABLES,
);

import { sqliteDatabases } from '../support/test-databases';
import { describeEngine } from './describe-engine';

describeEngine('SQLite', sqliteDatabases);

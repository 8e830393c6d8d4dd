import { sqliteDatabases } from '../support/test-databases';
import { describeSameKey } from './describe-same-key';

// One alone: SQLite is for one process.
describeSameKey('SQLite', sqliteDatabases, 1);

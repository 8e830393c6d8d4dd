import { sqliteDatabases } from '../support/test-databases';
import { describeStores } from './describe-stores';

describeStores('SQLite', sqliteDatabases);

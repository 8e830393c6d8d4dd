import { describeSameKey } from '../../idempotency/describe-same-key';
import { mysqlDatabases } from '../../support/test-databases';
import { startMariadb } from '../support/mariadb';
import type { Mariadb } from '../support/mariadb';

let mariadb: Mariadb;

beforeAll(async () => {
  mariadb = await startMariadb();
}, 60_000);

afterAll(async () => {
  await mariadb.stop();
}, 60_000);

describeSameKey('MariaDB', async () => mysqlDatabases(mariadb.url), 2);

import { mysqlDatabases } from '../../support/test-databases';
import { describeEngine } from '../../tasks/describe-engine';
import { startMariadb } from '../support/mariadb';
import type { Mariadb } from '../support/mariadb';

let mariadb: Mariadb;

beforeAll(async () => {
  mariadb = await startMariadb();
}, 60_000);

afterAll(async () => {
  await mariadb.stop();
}, 60_000);

describeEngine('MariaDB', async () => mysqlDatabases(mariadb.url));

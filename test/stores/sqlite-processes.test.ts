import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openDatabase } from '../../src/database';
import { TABLES } from '../../src/gateway/tables';
import { sqliteDatabases } from '../support/test-databases';

/** Takes the write lock of the file, says so, and holds it for the time given. */
const HOLDER = `
  const Database = require('better-sqlite3');
  const database = new Database(process.argv[1]);
  database.exec("BEGIN IMMEDIATE; INSERT INTO installation (name, value) VALUES ('theirs', '')");
  process.stdout.write('locked');
  setTimeout(() => { database.exec('COMMIT'); database.close(); }, 400);
`;

test('a transaction waits for the lock of another process, and this process goes on meanwhile', async () => {
  const databases = await sqliteDatabases();
  const config = await databases.empty();
  if (config.type !== 'sqlite') throw new Error('This is about SQLite.');
  const database = await openDatabase(config, TABLES);
  const holder = spawn(process.execPath, ['-e', HOLDER, config.file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(holder.stdout, 'data');
  let turns = 0;
  const others = setInterval(() => (turns += 1), 1);
  await database.transaction(async (session) => {
    await session.insert('Installation', { name: 'ours', value: '' });
  });
  clearInterval(others);
  if (holder.exitCode === null) await once(holder, 'exit');
  const names = await database.reader.find<{ name: string }>('Installation', { order: { name: 'ASC' } });
  expect(names.map(({ name }) => name)).toEqual(['ours', 'theirs']);
  // Were it the driver that waits, there would have been none between the first try and the last.
  expect(turns).toBeGreaterThan(3);
  await database.close();
  await databases.close();
}, 30_000);

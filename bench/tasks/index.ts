import { loadavg } from 'node:os';
import { mariadbSchemas, sqliteFiles } from './databases';
import type { Databases } from './databases';
import { measureExecution } from './execution';
import type { Setting } from './execution';

const AIM_PER_SECOND = 100;
const TASKS = 300;

/** Durable tasks: creations of VMs on a backend that takes no time, so that what is measured is the engine. */
export async function run(): Promise<void> {
  console.log(`load of the machine, 1 min: ${(loadavg()[0] ?? NaN).toFixed(1)}`);
  console.log(`${TASKS} creations of five steps each; every commit is flushed to the disk`);
  console.log(
    '| database | workers | places each | tasks/s | CPU of workers, ms a task | of the server | aim |',
  );
  console.log('| --- | ---: | ---: | ---: | ---: | ---: | --- |');
  // One process owns a SQLite file, so there is one worker; how much it does at once makes the difference.
  await show('SQLite', sqliteFiles(), [
    { workers: 1, places: 8, tasks: TASKS },
    { workers: 1, places: 32, tasks: TASKS },
  ]);
  const mariadb = await mariadbSchemas();
  if (!mariadb) return console.log('MariaDB is not installed: `npm run peers -- mariadb` does that.');
  await show(
    'MariaDB',
    mariadb,
    [1, 2, 3].map((workers) => ({ workers, places: 16, tasks: TASKS })),
  );
}

async function show(name: string, databases: Databases, settings: readonly Setting[]): Promise<void> {
  try {
    for (const setting of settings) {
      const { perSecond, workerMs, serverMs } = await measureExecution(databases, setting);
      const server = databases.server === null ? 'within' : serverMs.toFixed(1);
      const aim = `≥ ${AIM_PER_SECOND}${perSecond >= AIM_PER_SECOND ? '' : '  missed'}`;
      const cells = [
        name,
        setting.workers,
        setting.places,
        perSecond.toFixed(1),
        workerMs.toFixed(1),
        server,
      ];
      console.log(`| ${cells.join(' | ')} | ${aim} |`);
    }
  } finally {
    await databases.close();
  }
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serveApi } from '../../src/gateway/api-resolvers';
import { openDatabase } from '../../src/database';
import { EventFeed } from '../../src/events';
import { InstallationStore } from '../../src/installation';
import { silentLogger } from '../../src/kernel';
import { assembleNouns } from '../../src/gateway/nouns';
import { TABLES } from '../../src/gateway/tables';

/** The whole API on an empty database, without anything that works on tasks. */
export async function openApi() {
  const folder = mkdtempSync(join(tmpdir(), 'hypergate-subscriptions-'));
  process.once('exit', () => {
    rmSync(folder, { recursive: true });
  });
  const file = join(folder, 'events.db');
  const database = await openDatabase({ type: 'sqlite', file }, TABLES);
  const installation = await new InstallationStore(database).load();
  const feed = new EventFeed({ database, logger: silentLogger, pollMs: 500 });
  await feed.start();
  const nouns = assembleNouns({
    ...{ database, feed, installation },
    logger: silentLogger,
    wakeEngine: () => undefined,
    maxBacklog: 10_000,
  });
  return { schema: serveApi(nouns.resolvers), seeds: nouns.seeds, database, feed };
}

import { openDatabase } from '../../src/database';
import type { Database, DatabaseConfig } from '../../src/database';
import { Duties } from '../../src/duties';
import { silentLogger } from '../../src/kernel';
import { TABLES } from '../../src/gateway/tables';
import { Signal } from '../support/test-databases';
import type { OpenDatabases, TestDatabases } from '../support/test-databases';
import { until } from '../support/until';

const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

/** What only one process at a time may do is done by one, whatever happens to it. */
export function describeDuties(kind: string, open: OpenDatabases): void {
  describe(`duties on ${kind}`, () => {
    let databases: TestDatabases;
    let config: DatabaseConfig;
    let database: Database;
    let replicas: Duties[];

    beforeAll(async () => {
      databases = await open();
      config = await databases.fresh();
      database = await openDatabase(config, TABLES);
    });

    beforeEach(() => {
      replicas = [];
    });

    afterEach(async () => {
      for (const replica of replicas) await replica.close();
      await database.transaction((session) => session.query('DELETE FROM duty'));
    });

    afterAll(async () => {
      await database.close();
      await databases.close();
    });

    function replica(options: Partial<ConstructorParameters<typeof Duties>[0]> = {}): Duties {
      const holder = `replica-${String(replicas.length)}`;
      const made = new Duties({
        ...{ database, logger: silentLogger, holder, leaseMs: 30_000, heartbeatMs: 20, pollMs: 20 },
        ...options,
      });
      replicas.push(made);
      made.start();
      return made;
    }

    /** Writes who works, and holds it against them when they are two. */
    class Record {
      readonly entries: string[] = [];
      private atWork = 0;

      by(name: string): (signal: AbortSignal) => Promise<void> {
        return async (signal) => {
          this.atWork += 1;
          this.entries.push(this.atWork === 1 ? name : `${name} beside another`);
          await untilAborted(signal);
          this.atWork -= 1;
        };
      }
    }

    test('are done by one at a time, and handed over when it stops', async () => {
      const record = new Record();
      const all = ['a', 'b', 'c'].map((name) => {
        const made = replica();
        made.hold('watch', record.by(name));
        return { name, made };
      });
      const seen: string[] = [];
      while (all.length > 0) {
        await until(() => record.entries.length > seen.length);
        seen.push(record.entries.at(-1)!);
        const index = all.findIndex(({ name }) => name === seen.at(-1));
        expect(all.filter(({ made }) => made.held.length > 0)).toHaveLength(1);
        await all.splice(index, 1)[0]!.made.close();
      }
      // The leases are long: nobody has waited for one to run out.
      expect(seen.sort()).toEqual(['a', 'b', 'c']);
    });

    test('are taken over from one that died, and not before its lease has run out', async () => {
      const dead = replica({ leaseMs: 400, heartbeatMs: 3_600_000 });
      const started = new Signal();
      const inherited = new Signal();
      const aborted: string[] = [];
      dead.hold('watch', async (signal) => {
        started.raise();
        await untilAborted(signal);
        aborted.push('dead');
        await inherited.raised;
      });
      await started.raised;
      const heir = replica();
      const order: string[][] = [];
      heir.hold('watch', async (signal) => {
        order.push([...aborted]);
        inherited.raise();
        await untilAborted(signal);
      });
      await inherited.raised;
      // By its own account its time was over before anybody else could begin.
      expect(order[0]).toEqual(['dead']);
      expect(heir.held).toEqual(['watch']);
    });

    test('are no longer done by one that has lost them in the database', async () => {
      const first = replica();
      const lost = new Signal();
      const begun = new Signal();
      let check = (): void => undefined;
      first.hold('watch', async (signal, assertHeld) => {
        check = assertHeld;
        begun.raise();
        await untilAborted(signal);
        lost.raise();
      });
      await begun.raised;
      check();
      await database.transaction((session) =>
        session.query("UPDATE duty SET holder = 'somebody', fence = fence + 1 WHERE name = 'watch'"),
      );
      await lost.raised;
      expect(() => check()).toThrow(expect.objectContaining({ code: 'UNAVAILABLE' }));
      await until(() => first.held.length === 0);
      const [row] = await database.reader.query<{ holder: string }[]>('SELECT holder FROM duty');
      expect(row?.holder).toBe('somebody');
    });

    test('begin anew when their work ends or fails, and leave the others alone', async () => {
      const only = replica();
      let turns = 0;
      only.hold('fragile', () => {
        turns += 1;
        return turns % 2 ? Promise.reject(new Error('as told')) : Promise.resolve();
      });
      const record = new Record();
      only.hold('steady', record.by('only'));
      await until(() => turns >= 4);
      expect(record.entries).toEqual(['only']);
      expect(only.held).toContain('steady');
    });

    test('of a predecessor that is known to be dead need not be waited for', async () => {
      const now = await database.now();
      await database.transaction((session) =>
        session.query(
          `INSERT INTO duty (name, holder, fence, held_until) VALUES ('watch', 'dead', 7, ${now + 3_600_000})`,
        ),
      );
      const heir = replica();
      heir.hold('watch', untilAborted);
      await heir.succeed();
      await until(() => heir.held.length);
      const [row] = await database.reader.query<{ fence: number }[]>('SELECT fence FROM duty');
      expect(Number(row?.fence)).toBe(8);
    });
  });
}

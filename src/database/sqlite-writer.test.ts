import type { Session } from './database';
import { SqliteWriter } from './sqlite-writer';

/** A writer on a connection that notes what it is told, and fails where it is told to. */
function stage(failing: (sql: string, log: readonly string[]) => boolean = () => false) {
  const log: string[] = [];
  const hooks: (() => void)[] = [];
  const query = async (sql: string): Promise<void> => {
    log.push(sql);
    if (failing(sql, log)) await Promise.reject(new Error(`refused: ${sql}`));
  };
  const writer = new SqliteWriter({ query } as unknown as Session, () => hooks.splice(0));
  const write = (name: string) =>
    writer.run(async (session) => {
      await session.query(name);
      hooks.push(() => log.push(`${name} told`));
      return name;
    });
  return { log, write, writer };
}

const outcomes = async (jobs: readonly Promise<string>[]): Promise<string[]> =>
  (await Promise.allSettled(jobs)).map((one) =>
    one.status === 'fulfilled' ? one.value : String((one.reason as Error).message),
  );

describe('the writer of SQLite', () => {
  test('commits those that wait together once, and tells of them afterwards', async () => {
    const { log, write } = stage();
    expect(await outcomes([write('a'), write('b')])).toEqual(['a', 'b']);
    const joined = ['SAVEPOINT member', 'b', 'RELEASE member'];
    expect(log).toEqual(['BEGIN IMMEDIATE', 'a', ...joined, 'COMMIT', 'a told', 'b told']);
  });

  test('takes back the one that fails, and no other', async () => {
    const { log, write } = stage((sql) => sql === 'b');
    expect(await outcomes([write('a'), write('b'), write('c')])).toEqual(['a', 'refused: b', 'c']);
    expect(log.filter((sql) => /COMMIT|ROLLBACK|told/.test(sql))).toEqual([
      ...['ROLLBACK TO member', 'COMMIT', 'a told', 'c told'],
    ]);
  });

  test('goes on with the next when the first fails', async () => {
    const { log, write } = stage((sql) => sql === 'a');
    expect(await outcomes([write('a'), write('b')])).toEqual(['refused: a', 'b']);
    expect(log).toEqual(['BEGIN IMMEDIATE', 'a', 'ROLLBACK', 'BEGIN IMMEDIATE', 'b', 'COMMIT', 'b told']);
  });

  test('runs them one by one when a failure has ended what they shared', async () => {
    const { log, write } = stage((sql) => sql === 'c' || sql === 'ROLLBACK TO member');
    expect(await outcomes([write('a'), write('b'), write('c')])).toEqual(['a', 'b', 'refused: c']);
    const again = log.slice(log.lastIndexOf('ROLLBACK') + 1);
    const alone = (name: string): string[] => ['BEGIN IMMEDIATE', name, 'COMMIT', `${name} told`];
    expect(again).toEqual([...alone('a'), ...alone('b')]);
  });

  test('forgets nobody when what they shared has ended before one joins', async () => {
    const { log, write } = stage((sql) => sql === 'SAVEPOINT member');
    expect(await outcomes([write('a'), write('b')])).toEqual(['a', 'b']);
    expect(log.filter((sql) => sql.endsWith('told'))).toEqual(['a told', 'b told']);
  });

  test('tells each what became of it when the common commit fails', async () => {
    const commits = (log: readonly string[]): number => log.filter((sql) => sql === 'COMMIT').length;
    const { log, write } = stage((sql, so) => sql === 'COMMIT' && commits(so) < 3);
    expect(await outcomes([write('a'), write('b')])).toEqual(['refused: COMMIT', 'b']);
    expect(log.filter((sql) => sql.endsWith('told'))).toEqual(['b told']);
  });

  test('is idle when all of them are answered', async () => {
    const { log, write, writer } = stage();
    const jobs = Array.from({ length: 40 }, (_none, index) => write(String(index)));
    await writer.idle();
    expect(log.filter((sql) => sql.endsWith('told'))).toHaveLength(40);
    expect(log.filter((sql) => sql === 'COMMIT')).toHaveLength(3);
    await Promise.all(jobs);
  });
});

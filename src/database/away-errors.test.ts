import { AppError } from '../kernel';
import { tellWhenAway } from './away-errors';

type Source = Parameters<typeof tellWhenAway>[0];

function sourceThat(query: (sql: string, parameters?: unknown[]) => Promise<unknown>): Source {
  return tellWhenAway({ createQueryRunner: () => ({ query }) } as unknown as Source);
}

describe('a source of queries', () => {
  it.each(['ECONNREFUSED', 'PROTOCOL_CONNECTION_LOST'])('that meets with %s is UNAVAILABLE', async (code) => {
    const lost = Object.assign(new Error('no database'), { code });
    const runner = sourceThat(() => Promise.reject(lost)).createQueryRunner();
    const answer = runner.query('SELECT 1');
    await expect(answer).rejects.toBeInstanceOf(AppError);
    await expect(answer).rejects.toMatchObject({ code: 'UNAVAILABLE', retryable: true, cause: lost });
  });

  it('wraps a runner once, however often the driver hands it out', () => {
    const runner = { query: () => Promise.resolve([]) };
    const source = tellWhenAway({ createQueryRunner: () => runner } as unknown as Source);
    const { query } = source.createQueryRunner();
    expect(source.createQueryRunner().query).toBe(query);
  });

  it('passes on answers, arguments and every other error as they are', async () => {
    const refused = Object.assign(new Error('twice'), { errno: 1062 });
    const echo = sourceThat((...args) => Promise.resolve(args)).createQueryRunner();
    expect(await echo.query('SELECT ?', [1])).toEqual(['SELECT ?', [1]]);
    const runner = sourceThat(() => Promise.reject(refused)).createQueryRunner();
    await expect(runner.query('INSERT')).rejects.toBe(refused);
  });
});

import { KeyedLock } from './keyed-lock';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('runs one key in order and lets other keys pass, also after a failure', async () => {
  const lock = new KeyedLock();
  const log: string[] = [];
  const work = (name: string) => async (): Promise<void> => {
    log.push(`${name} begins`);
    await turn();
    log.push(`${name} ends`);
    if (name === 'a1') throw new Error(name);
  };
  const results = await Promise.allSettled([
    lock.run('a', work('a1')),
    lock.run('a', work('a2')),
    lock.run('b', work('b1')),
  ]);
  expect(results.map((result) => result.status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
  expect(log.indexOf('a1 ends')).toBeLessThan(log.indexOf('a2 begins'));
  expect(log.indexOf('b1 begins')).toBeLessThan(log.indexOf('a1 ends'));
});

import { SharedWork } from './shared-work';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('serves all that ask meanwhile with one more round, and starts afresh afterwards', async () => {
  const shared = new SharedWork();
  let begun = 0;
  const work = async (): Promise<void> => {
    begun += 1;
    await turn();
    if (begun === 1) throw new Error('first');
  };
  const first = shared.run('a', work);
  const others = [1, 2, 3].map(() => shared.run('a', work));
  await expect(first).rejects.toThrow('first');
  await Promise.all(others);
  expect(begun).toBe(2);
  await shared.run('a', work);
  expect(begun).toBe(3);
});

it('never serves with work that began before the asking', async () => {
  const shared = new SharedWork();
  let version = 0;
  let seen = -1;
  const look = async (): Promise<void> => {
    seen = version;
    await turn();
  };
  const early = shared.run('a', look);
  version = 1;
  await shared.run('a', look);
  expect(seen).toBe(1);
  await early;
});

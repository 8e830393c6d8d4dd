import { setImmediate as turn } from 'node:timers/promises';
import { Batcher } from './batcher';

const never = new AbortController().signal;

/** A backend whose answers come when they are let go. */
function heldBackend() {
  const asked: {
    readonly keys: readonly string[];
    readonly signal: AbortSignal;
    answer(): void;
    fail(): void;
  }[] = [];
  const load = (keys: readonly string[], signal: AbortSignal) =>
    new Promise<ReadonlyMap<string, string>>((resolve, reject) => {
      const known = keys.filter((key) => key !== 'absent');
      asked.push({
        keys,
        signal,
        answer: () => resolve(new Map(known.map((key) => [key, `<${key}>`]))),
        fail: () => reject(new Error('trouble')),
      });
      signal.addEventListener('abort', () => reject(new Error('aborted')));
    });
  return { asked, load };
}

describe('the batcher', () => {
  it('asks once for what is asked at the same time, each its own', async () => {
    const { asked, load } = heldBackend();
    const batcher = new Batcher(load, 200);
    const answers = Promise.all(['a', 'b', 'a', 'absent'].map((key) => batcher.get(key, never)));
    await turn();
    asked[0]?.answer();
    expect(await answers).toEqual(['<a>', '<b>', '<a>', null]);
    expect(asked.map(({ keys }) => keys)).toEqual([['a', 'b', 'absent']]);
  });

  it('never gives an answer that was asked for earlier', async () => {
    const { asked, load } = heldBackend();
    const batcher = new Batcher(load, 200);
    const first = batcher.get('a', never);
    await turn();
    const second = batcher.get('a', never);
    await turn();
    expect(asked).toHaveLength(2);
    for (const one of asked) one.answer();
    expect(await Promise.all([first, second])).toEqual(['<a>', '<a>']);
  });

  it('gathers while two requests are under way', async () => {
    const { asked, load } = heldBackend();
    const batcher = new Batcher(load, 200);
    const answers: Promise<string | null>[] = [];
    for (const key of ['a', 'b', 'c', 'd', 'e']) {
      answers.push(batcher.get(key, never));
      await turn();
    }
    expect(asked).toHaveLength(2);
    asked[0]?.answer();
    await turn();
    await turn();
    expect(asked.map(({ keys }) => keys)).toEqual([['a'], ['b'], ['c', 'd', 'e']]);
    asked[1]?.answer();
    asked[2]?.answer();
    expect(await Promise.all(answers)).toHaveLength(5);
  });

  it('asks for no more at once than may be', async () => {
    const { asked, load } = heldBackend();
    const batcher = new Batcher(load, 2);
    const answers = ['a', 'b', 'c'].map((key) => batcher.get(key, never));
    await turn();
    expect(asked.map(({ keys }) => keys)).toEqual([['a', 'b'], ['c']]);
    asked[0]?.fail();
    asked[1]?.answer();
    expect(await Promise.allSettled(answers)).toMatchObject([
      { status: 'rejected' },
      { status: 'rejected' },
      { status: 'fulfilled', value: '<c>' },
    ]);
  });

  it('lets go of a question when nobody waits for it any more', async () => {
    const { asked, load } = heldBackend();
    const batcher = new Batcher(load, 200);
    const [one, other] = [new AbortController(), new AbortController()];
    const answers = [batcher.get('a', one.signal), batcher.get('b', other.signal)];
    const settled = Promise.allSettled(answers);
    await turn();
    one.abort(new Error('given up'));
    expect(asked[0]?.signal.aborted).toBe(false);
    other.abort(new Error('given up'));
    expect(asked[0]?.signal.aborted).toBe(true);
    expect(await settled).toMatchObject([{ status: 'rejected' }, { status: 'rejected' }]);
  });
});

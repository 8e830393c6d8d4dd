import { modelOptionsSchema } from './options';
import type { KeyPair } from './records';
import { World } from './world';

/** A world whose time passes only when it is told to. */
function worldAt(lagMs: number): { readonly world: World; pass(ms: number): void } {
  let now = 1_000_000;
  const world = new World(modelOptionsSchema.parse({ lagMs }), () => now);
  return { world, pass: (ms) => void (now += ms) };
}

function pair(name: string, due: number | null = null): KeyPair {
  const facts = { keyType: 'rsa', fingerprint: '', publicKey: '', createdAt: 0 } as const;
  return { ...facts, id: 'key-1', sequence: 1, due, tags: [], name };
}

describe('what clients see', () => {
  it('lags behind what is, through creation, change and removal', () => {
    const { world, pass } = worldAt(100);
    const table = world.tables['key-pair'];
    const seen = (): readonly string[] => table.allSeen().map(({ name }) => name);
    const history: (readonly string[])[] = [];
    table.put(pair('first'), world.now());
    pass(60);
    table.put(pair('second'), world.now());
    pass(39);
    history.push(seen());
    pass(1);
    history.push(seen());
    pass(60);
    history.push(seen());
    table.remove('key-1', world.now());
    expect(table.get('key-1')).toBeNull();
    history.push(seen());
    pass(100);
    history.push(seen());
    expect(history).toEqual([[], ['first'], ['second'], ['second'], []]);
  });

  it('is what is, without a lag', () => {
    const { world } = worldAt(0);
    const table = world.tables['key-pair'];
    table.put(pair('first'), world.now());
    expect(table.seen('key-1')?.name).toBe('first');
    table.remove('key-1', world.now());
    expect(table.seen('key-1')).toBeNull();
  });
});

describe('a request', () => {
  it('changes all that it is about, or nothing', () => {
    const { world } = worldAt(0);
    const table = world.tables['key-pair'];
    let told = 0;
    world.onChange(() => (told += 1));
    table.put(pair('before'), 0);
    const fail = (): never => {
      table.put(pair('after'), world.now());
      table.remove('key-1', world.now());
      throw new Error('refused');
    };
    expect(() => world.attempt(fail)).toThrow('refused');
    world.attempt(() => table.put(pair('tried'), world.now()), true);
    expect([table.get('key-1')?.name, told]).toEqual(['before', 1]);
    world.attempt(() => table.put(pair('after'), world.now()));
    expect([table.get('key-1')?.name, told]).toEqual(['after', 2]);
  });
});

describe('what is due', () => {
  it('happens in its order, at its time, and only if nothing came between', () => {
    const { world, pass } = worldAt(0);
    const table = world.tables['key-pair'];
    const happened: string[] = [];
    world.onDue('key-pair', (record, at) => {
      happened.push(`${record.id} ${at}`);
      table.put({ ...record, due: record.id === 'a' ? at + 50 : null }, at);
    });
    const at = (id: string, due: number | null): void => table.put({ ...pair(id, due), id }, 0);
    at('c', 1_000_030);
    at('a', 1_000_010);
    at('b', 1_000_020);
    at('b', null);
    world.settle();
    expect(happened).toEqual([]);
    pass(70);
    world.settle();
    expect(happened).toEqual(['a 1000010', 'c 1000030', 'a 1000060']);
  });
});

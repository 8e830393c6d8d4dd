import { TurnPlan } from './turn-plan';
import type { BackendLimit, CountedShare, WaitingShare } from './turn-plan';

const waits = (tenantId: string, backendId: string, count: number, oldestAt = 0): WaitingShare => ({
  ...{ tenantId, backendId, count, oldestAt },
});
const free: BackendLimit = { everywhere: 100, here: 100, isHeldBack: false };

interface Scene {
  readonly waiting: readonly WaitingShare[];
  readonly held?: readonly CountedShare[];
  readonly here?: readonly string[];
  readonly limits?: Readonly<Record<string, Partial<BackendLimit>>>;
  readonly served?: ReadonlyMap<string, number>;
}

function plan({ waiting, held = [], here = [], limits = {}, served = new Map() }: Scene): TurnPlan {
  const limitOf = (backendId: string): BackendLimit => ({ ...free, ...limits[backendId] });
  return new TurnPlan({ waiting, held, here, limitOf, served });
}

/** The shares that have the first so many turns, as long as each still has tasks. */
function turns(scene: Scene, most: number): string[] {
  const counts = new Map(scene.waiting.map((share) => [share, share.count]));
  const planned = plan(scene);
  const taken: string[] = [];
  while (taken.length < most) {
    const next = planned.next();
    if (!next) break;
    const left = counts.get(next.share) ?? 0;
    if (left === 0) {
      planned.exhausted(next.share);
      continue;
    }
    counts.set(next.share, left - 1);
    planned.took(next.share);
    taken.push(`${String(next.share.tenantId)}/${String(next.share.backendId)}`);
  }
  return taken;
}

test('tenants take turns however many tasks one has', () => {
  const waiting = [waits('a', 'x', 300), waits('b', 'x', 1, 9), waits('c', 'x', 2, 5)];
  expect(turns({ waiting }, 6)).toEqual(['a/x', 'c/x', 'b/x', 'a/x', 'c/x', 'a/x']);
});

test('who has less under way, wherever it runs, comes first', () => {
  const held = [{ tenantId: 'a', backendId: 'y', count: 2 }];
  const waiting = [waits('a', 'x', 9), waits('b', 'x', 9, 9)];
  expect(turns({ waiting, held }, 4)).toEqual(['b/x', 'b/x', 'a/x', 'b/x']);
});

test('of those that have the same, the one whose turn is longest ago comes first', () => {
  const served = new Map([
    ['a', 7],
    ['b', 3],
  ]);
  expect(turns({ waiting: [waits('a', 'x', 9), waits('b', 'x', 9, 9)], served }, 1)).toEqual(['b/x']);
});

test('a tenant whose backend is full goes on with another one', () => {
  const waiting = [waits('a', 'x', 9), waits('a', 'y', 9, 9)];
  const held = [{ tenantId: 'b', backendId: 'x', count: 3 }];
  expect(turns({ waiting, held, limits: { x: { everywhere: 4 } } }, 3)).toEqual(['a/x', 'a/y', 'a/y']);
});

test('one backend does not get all the places of a worker', () => {
  const waiting = [waits('a', 'x', 9), waits('b', 'x', 9)];
  expect(turns({ waiting, here: ['x', 'y'], limits: { x: { here: 3 } } }, 9)).toEqual(['a/x', 'b/x']);
});

test('what is under way does not count as waiting', () => {
  const held = [{ tenantId: 'a', backendId: 'x', count: 2 }];
  expect(plan({ waiting: [waits('a', 'x', 2)], held }).next()).toBeNull();
  expect(plan({ waiting: [waits('a', 'x', 3)], held }).next()).not.toBeNull();
});

test('of a backend that is held back only what is overdue is taken', () => {
  const next = plan({ waiting: [waits('a', 'x', 1)], limits: { x: { isHeldBack: true } } }).next();
  expect(next).toMatchObject({ overdueOnly: true });
});

test('tasks without a backend are under no limit', () => {
  const share = { tenantId: 'a', backendId: null, count: 1, oldestAt: 0 };
  const limitOf = (): BackendLimit => ({ everywhere: 0, here: 0, isHeldBack: true });
  const next = new TurnPlan({ waiting: [share], held: [], here: [], limitOf, served: new Map() }).next();
  expect(next).toEqual({ share, overdueOnly: false });
});

import fc from 'fast-check';
import { MemoryObjectStore } from '../objects/memory-object-store';
import { Scope } from '../service/scope';
import { Sessions } from '../service/sessions';
import { refKey } from '../vim/value-kinds';
import { array, moRef } from '../vim/values';
import type { MoRef, VimArray, VimStruct } from '../vim/values';
import { ContainerView } from '../views/container-view';
import type { FilterSpec, Traversal } from './filter-spec';
import { PropertyFilter } from './property-filter';
import { SessionCollector } from './session-collector';

const ROOT = moRef('Folder', 'group-1');
const FOLDERS = [ROOT, moRef('Folder', 'group-2'), moRef('Folder', 'group-3')];
const VMS = Array.from({ length: 3 }, (_, index) => moRef('VirtualMachine', `vm-${index}`));

const folder = fc.constantFrom(...FOLDERS);
const vm = fc.constantFrom(...VMS);
const step = fc.oneof(
  fc.record({ kind: fc.constant('put' as const), vm, folder }),
  fc.record({ kind: fc.constant('remove' as const), vm }),
  fc.record({ kind: fc.constant('rename' as const), vm, name: fc.constantFrom('a', 'b', 'c') }),
  fc.record({ kind: fc.constant('unset' as const), vm }),
  fc.record({ kind: fc.constant('moveFolder' as const), to: fc.constantFrom(...FOLDERS.slice(0, 2)) }),
  fc.record({ kind: fc.constant('flood' as const) }),
  fc.record({ kind: fc.constant('ask' as const), max: fc.integer({ min: 1, max: 8 }) }),
  fc.record({ kind: fc.constant('loseReply' as const), max: fc.integer({ min: 1, max: 8 }) }),
);
type Step = typeof step extends fc.Arbitrary<infer One> ? One : never;

/** A folder says what is in it, and so does each object: both ways are kept true. */
class Inventory {
  readonly store = new MemoryObjectStore({ keptChanges: 20 });

  constructor() {
    for (const ref of FOLDERS) this.store.add(ref, { name: ref.value });
    this.place(FOLDERS[1]!, ROOT);
    this.place(FOLDERS[2]!, ROOT);
  }

  apply(one: Step): void {
    if (one.kind === 'put' && !this.store.get(one.vm)) this.store.add(one.vm, { name: 'new' });
    if (one.kind === 'put') this.place(one.vm, one.folder);
    if (one.kind === 'moveFolder') this.place(FOLDERS[2]!, one.to);
    if (one.kind === 'remove' && this.store.get(one.vm)) {
      this.takeOut(one.vm);
      this.store.remove(one.vm);
    }
    if (one.kind === 'rename' && this.store.get(one.vm)) this.store.update(one.vm, { name: one.name });
    if (one.kind === 'unset' && this.store.get(one.vm)) this.store.update(one.vm, { name: undefined });
    if (one.kind === 'flood')
      for (let at = 0; at < 25; at += 1) this.store.update(ROOT, { name: String(at) });
  }

  private place(ref: MoRef, parent: MoRef): void {
    this.takeOut(ref);
    this.setChildren(parent, [...this.childrenOf(parent), ref]);
    this.store.update(ref, { parent });
  }

  private takeOut(ref: MoRef): void {
    const parent = this.store.read(ref, 'parent') as MoRef | undefined;
    if (!parent) return;
    this.setChildren(
      parent,
      this.childrenOf(parent).filter((one) => refKey(one) !== refKey(ref)),
    );
  }

  private childrenOf(parent: MoRef): readonly MoRef[] {
    return ((this.store.read(parent, 'childEntity') as VimArray | undefined)?.items ??
      []) as readonly MoRef[];
  }

  private setChildren(parent: MoRef, refs: readonly MoRef[]): void {
    this.store.update(parent, { childEntity: array('ManagedObjectReference', refs) });
  }
}

/** What a client that takes in every answer believes. */
class Believer {
  readonly objects = new Map<string, Map<string, unknown>>();
  private version = '';

  constructor(private readonly collector: SessionCollector) {}

  ask(max: number, isLost = false): VimStruct | null {
    let updates: VimStruct | null;
    try {
      updates = this.collector.resume(this.version) ?? this.collector.take(max);
    } catch {
      // The changes were too many to be kept: from the beginning.
      this.version = '';
      this.objects.clear();
      updates = this.collector.resume('') ?? this.collector.take(max);
    }
    if (updates && !isLost) this.believe(updates);
    return updates;
  }

  private believe(updates: VimStruct): void {
    this.version = updates['version'] as string;
    for (const filter of itemsOf(updates, 'filterSet')) {
      for (const update of itemsOf(filter, 'objectSet')) this.takeIn(update);
    }
  }

  private takeIn(update: VimStruct): void {
    const key = refKey(update['obj'] as MoRef);
    const kind = (update['kind'] as { value: string }).value;
    // Nothing enters twice, and nothing that is not there changes or leaves.
    expect([key, kind, this.objects.has(key)]).toEqual([key, kind, kind !== 'enter']);
    if (kind === 'leave') {
      this.objects.delete(key);
      return;
    }
    const known = this.objects.get(key) ?? new Map<string, unknown>();
    for (const change of itemsOf(update, 'changeSet')) known.set(change['name'] as string, change['val']);
    this.objects.set(key, known);
  }
}

function itemsOf(value: VimStruct, field: string): readonly VimStruct[] {
  return (value[field] as VimArray).items as readonly VimStruct[];
}

/** By a view where `byView` says so, and else by walking down the folders. */
function watch(inventory: Inventory, byView: boolean) {
  const sessions = new Sessions({ timeoutMs: 1_000, maxSessions: 1, now: () => 0 });
  const session = sessions.open('user', { address: '', userAgent: '' })!;
  const scope = new Scope(inventory.store, session, sessions);
  const view = new ContainerView(session.newRef('ContainerView'), inventory.store, {
    container: FOLDERS[1]!,
    types: ['VirtualMachine'],
    recursive: true,
  });
  session.own(view);
  const next: Traversal[] = [];
  const down: Traversal = { type: 'Folder', path: 'childEntity', skip: false, next };
  next.push(down);
  const over: Traversal = { type: 'ContainerView', path: 'view', skip: false, next: [] };
  const spec: FilterSpec = {
    properties: [{ type: 'VirtualMachine', all: false, paths: ['name'] }],
    objects: [{ obj: byView ? view.ref : FOLDERS[1]!, skip: true, select: [byView ? over : down] }],
    reportMissing: false,
  };
  const collector = new SessionCollector(session.newRef('PropertyCollector'));
  collector.addFilter(new PropertyFilter(session.newRef('PropertyFilter'), spec, false, scope));
  return new Believer(collector);
}

function truth(inventory: Inventory): Map<string, unknown> {
  const isInside = (ref: MoRef | undefined): boolean =>
    ref !== undefined &&
    (ref.value === FOLDERS[1]!.value || isInside(inventory.store.read(ref, 'parent') as MoRef | undefined));
  const inside = VMS.filter((ref) => isInside(inventory.store.read(ref, 'parent') as MoRef | undefined));
  return new Map(inside.map((ref) => [refKey(ref), inventory.store.read(ref, 'name')]));
}

describe('a collector', () => {
  it.each([
    ['over a view', true],
    ['down a path', false],
  ])('%s: whoever takes in every answer knows the truth in the end', (_, byView) => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
        const inventory = new Inventory();
        const believer = watch(inventory, byView);
        for (const one of steps) {
          if (one.kind === 'ask' || one.kind === 'loseReply') believer.ask(one.max, one.kind === 'loseReply');
          else inventory.apply(one);
        }
        while (believer.ask(3));
        const believed = [...believer.objects].map(([key, known]) => [key, known.get('name')] as const);
        expect(new Map(believed)).toEqual(truth(inventory));
      }),
      { numRuns: 300 },
    );
  });
});

import type { ObjectStore } from '../objects/object-store';
import type { MoRef, VimValue } from '../vim/values';
import { differences } from './difference';
import { everySnapshot } from './machine';
import type { Machine, Snapshot } from './machine';
import { invalidArgument, notFoundObject } from './names';
import { Random } from './random';
import type { CustomField, Entity, EntityKind, EntityOf, Id } from './records';
import { Relations } from './relations';

/** What a client reads of a record, and the objects that hang on it (the snapshots of a machine). */
export type Projector = (
  world: World,
  entity: Entity,
) => readonly (readonly [MoRef, Readonly<Record<string, VimValue | undefined>>])[];

/** Everything that is counted. Kept across restarts, so that nothing is given out twice. */
export interface Counters {
  mac: number;
  customField: number;
  chain: number;
}

/**
 * All records. They are changed inside `run` only, and `touch` says which: when the outermost `run` ends, what clients
 * read is brought up to date in the store, with the paths that really changed.
 */
export class World {
  readonly random: Random;
  readonly relations = new Relations();
  readonly fields: CustomField[] = [];
  readonly counters: Counters = { mac: 0, customField: 100, chain: 1000 };
  /** The greatest number in a reference, by its prefix. */
  readonly highest = new Map<string, number>();
  private readonly entities = new Map<Id, Entity>();
  private readonly snapshotOwners = new Map<Id, Id>();
  private readonly attached = new Map<Id, readonly MoRef[]>();
  private readonly dirty = new Set<Id>();
  private readonly listeners = new Set<() => void>();
  private depth = 0;
  readonly startedMs: number;
  instanceUuid: string;

  constructor(
    readonly store: ObjectStore,
    private readonly project: Projector,
    seed: number,
    readonly now: () => number = Date.now,
  ) {
    this.random = new Random(seed);
    this.startedMs = now();
    this.instanceUuid = this.random.uuid();
  }

  newRef(type: string, prefix: string): MoRef {
    const ref = this.store.newRef(type, prefix);
    const number = Number(/\d+$/.exec(ref.value)?.[0] ?? 0);
    this.highest.set(prefix, Math.max(number, this.highest.get(prefix) ?? 0));
    return ref;
  }

  run<T>(work: () => T): T {
    this.depth++;
    try {
      return work();
    } finally {
      this.depth--;
      if (this.depth === 0) this.publish();
    }
  }

  /** Calls back after each `run` that changed something. */
  onChange(listener: () => void): void {
    this.listeners.add(listener);
  }

  add<T extends Entity>(entity: T): T {
    this.entities.set(entity.ref.value, entity);
    this.dirty.add(entity.ref.value);
    return entity;
  }

  touch(...entities: readonly Entity[]): void {
    for (const entity of entities) this.dirty.add(entity.ref.value);
  }

  remove(entity: Entity): void {
    this.entities.delete(entity.ref.value);
    this.dirty.add(entity.ref.value);
  }

  all(): IterableIterator<Entity> {
    return this.entities.values();
  }

  *ofKind<Kind extends EntityKind>(kind: Kind): Generator<EntityOf<Kind>> {
    for (const entity of this.entities.values()) if (isKind(entity, kind)) yield entity;
  }

  lookUp(id: Id): Entity | null {
    return this.entities.get(id) ?? null;
  }

  /** Throws where the record is missing or of another kind: the inventory would not hold together. */
  get<Kind extends EntityKind>(kind: Kind, id: Id): EntityOf<Kind> {
    const entity = this.entities.get(id);
    if (entity && isKind(entity, kind)) return entity;
    throw new Error(`The inventory has no ${kind} ${id}.`);
  }

  /**
   * What a client named. Throws ManagedObjectNotFound when it is gone, and InvalidArgument when it is something else.
   * @param property the argument that named it, for InvalidArgument
   */
  named<Kind extends EntityKind>(kind: Kind, ref: MoRef, property: string): EntityOf<Kind> {
    const entity = this.entities.get(ref.value);
    if (entity?.ref.$ref !== ref.$ref) throw notFoundObject(ref);
    if (isKind(entity, kind)) return entity;
    throw invalidArgument(property);
  }

  snapshot(ref: MoRef): { readonly machine: Machine; readonly snapshot: Snapshot } {
    const owner = this.snapshotOwners.get(ref.value);
    const machine = owner === undefined ? undefined : this.entities.get(owner);
    if (machine?.kind === 'MACHINE')
      for (const snapshot of everySnapshot(machine.snapshots))
        if (snapshot.ref.value === ref.value) return { machine, snapshot };
    throw notFoundObject(ref);
  }

  ref(id: Id): MoRef {
    const entity = this.entities.get(id);
    if (!entity) throw new Error(`The inventory has no ${id}.`);
    return entity.ref;
  }

  private publish(): void {
    if (this.dirty.size === 0) return;
    for (const id of [...this.dirty]) {
      const entity = this.entities.get(id);
      if (entity?.kind === 'MACHINE') for (const owner of this.relations.enter(entity)) this.dirty.add(owner);
      else if (!entity) for (const owner of this.relations.leave(id)) this.dirty.add(owner);
    }
    const ids = [...this.dirty];
    this.dirty.clear();
    for (const id of ids) this.publishOne(id);
    for (const listener of this.listeners) listener();
  }

  private publishOne(id: Id): void {
    const entity = this.entities.get(id);
    const before = this.attached.get(id) ?? [];
    const objects = entity ? this.project(this, entity) : [];
    const kept = new Set(objects.map(([ref]) => ref.value));
    for (const ref of before) if (!kept.has(ref.value)) this.withdraw(ref);
    for (const [ref, properties] of objects) {
      const known = this.store.get(ref);
      if (!known) this.store.add(ref, properties);
      else {
        const changes = differences(known.properties, properties);
        if (Object.keys(changes).length > 0) this.store.update(ref, changes);
      }
      if (ref.$ref === 'VirtualMachineSnapshot') this.snapshotOwners.set(ref.value, id);
    }
    if (entity)
      this.attached.set(
        id,
        objects.map(([ref]) => ref),
      );
    else this.attached.delete(id);
  }

  private withdraw(ref: MoRef): void {
    this.snapshotOwners.delete(ref.value);
    this.store.remove(ref);
  }
}

function isKind<Kind extends EntityKind>(entity: Entity, kind: Kind): entity is EntityOf<Kind> {
  return entity.kind === kind;
}

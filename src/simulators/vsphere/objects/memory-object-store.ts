import { isSet, refKey } from '../vim/value-kinds';
import { moRef } from '../vim/values';
import type { MoRef, VimValue } from '../vim/values';
import { ChangeLog } from './change-log';
import type { ManagedObject, ObjectChange, ObjectStore } from './object-store';
import { parsePath } from './property-path';
import { readPath } from './read-path';
import { writeStep } from './write-path';

const DEFAULT_KEPT_CHANGES = 100_000;

export interface ObjectStoreOptions {
  /** How many changes are kept for collectors that come back for them. */
  readonly keptChanges?: number;
  /** What `counters()` gave before a restart, so that no reference is given out a second time. */
  readonly counters?: Readonly<Record<string, number>>;
}

/** Objects are replaced, never changed: whoever holds one holds a picture of that moment. */
export class MemoryObjectStore implements ObjectStore {
  /** Type → id → object, each in the order of their making. */
  private readonly types = new Map<string, Map<string, ManagedObject>>();
  private readonly lastNumbers: Map<string, number>;
  private readonly listeners = new Set<() => void>();
  private readonly log: ChangeLog;

  constructor(options: ObjectStoreOptions = {}) {
    this.log = new ChangeLog(options.keptChanges ?? DEFAULT_KEPT_CHANGES);
    this.lastNumbers = new Map(Object.entries(options.counters ?? {}));
  }

  get version(): number {
    return this.log.version;
  }

  /** The last number given out for each prefix; belongs into the state file. */
  counters(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.lastNumbers);
  }

  newRef(type: string, prefix: string): MoRef {
    const number = (this.lastNumbers.get(prefix) ?? 0) + 1;
    this.lastNumbers.set(prefix, number);
    return moRef(type, `${prefix}-${number}`);
  }

  add(ref: MoRef, properties: Readonly<Record<string, VimValue | undefined>>): ManagedObject {
    if (this.get(ref)) throw new TypeError(`${refKey(ref)} exists already.`);
    this.reserve(ref);
    const set = Object.entries(properties).filter((entry): entry is [string, VimValue] => isSet(entry[1]));
    const object: ManagedObject = { ref, properties: new Map(set) };
    this.objectsOf(ref.$ref).set(ref.value, object);
    this.tell({ kind: 'ENTER', ref });
    return object;
  }

  get(ref: MoRef): ManagedObject | null {
    return this.types.get(ref.$ref)?.get(ref.value) ?? null;
  }

  ofType(type: string): readonly ManagedObject[] {
    return [...(this.types.get(type)?.values() ?? [])];
  }

  read(ref: MoRef, path: string): VimValue | undefined {
    const object = this.get(ref);
    const steps = parsePath(path);
    return object && steps ? readPath(object.properties, steps) : undefined;
  }

  update(ref: MoRef, values: Readonly<Record<string, VimValue | undefined>>): void {
    const object = this.get(ref);
    if (!object) throw new TypeError(`${refKey(ref)} does not exist.`);
    const properties = new Map(object.properties);
    for (const [path, value] of Object.entries(values)) assign(properties, path, value);
    this.objectsOf(ref.$ref).set(ref.value, { ref: object.ref, properties });
    this.tell({ kind: 'MODIFY', ref: object.ref, paths: Object.keys(values) });
  }

  remove(ref: MoRef): void {
    if (this.types.get(ref.$ref)?.delete(ref.value)) this.tell({ kind: 'LEAVE', ref });
  }

  changesSince(version: number): readonly ObjectChange[] | null {
    return this.log.since(version);
  }

  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private objectsOf(type: string): Map<string, ManagedObject> {
    const known = this.types.get(type);
    if (known) return known;
    const made = new Map<string, ManagedObject>();
    this.types.set(type, made);
    return made;
  }

  /** An object from a state file has a number that is taken from now on. */
  private reserve(ref: MoRef): void {
    const numbered = /^(.+)-(\d{1,15})$/.exec(ref.value);
    const [, prefix = '', number = '0'] = numbered ?? [];
    if (numbered && Number(number) > (this.lastNumbers.get(prefix) ?? 0)) {
      this.lastNumbers.set(prefix, Number(number));
    }
  }

  private tell(change: ObjectChange): void {
    this.log.append(change);
    for (const listener of this.listeners) listener();
  }
}

function assign(properties: Map<string, VimValue>, path: string, value: VimValue | undefined): void {
  const [first, ...rest] = parsePath(path) ?? [];
  if (!first) throw new TypeError(`${path} is no path of a property.`);
  const next = writeStep(properties.get(first.name), first, rest, value);
  if (isSet(next)) properties.set(first.name, next);
  else properties.delete(first.name);
}

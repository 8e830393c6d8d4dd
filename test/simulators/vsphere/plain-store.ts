import type {
  ManagedObject,
  ObjectChange,
  ObjectStore,
} from '../../../src/simulators/vsphere/objects/object-store';
import { moRef } from '../../../src/simulators/vsphere/vim/values';
import type { MoRef, VimStruct, VimValue } from '../../../src/simulators/vsphere/vim/values';

type Values = Readonly<Record<string, VimValue | undefined>>;

/** The least that an object store can be, so that the model is tested without the protocol. */
export class PlainStore implements ObjectStore {
  readonly changes: ObjectChange[] = [];
  private readonly objects = new Map<string, { ref: MoRef; properties: Map<string, VimValue> }>();
  private readonly numbers = new Map<string, number>();
  private readonly listeners = new Set<() => void>();

  get version(): number {
    return this.changes.length;
  }

  newRef(type: string, prefix: string): MoRef {
    const number = (this.numbers.get(prefix) ?? 0) + 1;
    this.numbers.set(prefix, number);
    return moRef(type, `${prefix}-${number}`);
  }

  add(ref: MoRef, properties: Values): ManagedObject {
    if (this.objects.has(ref.value)) throw new Error(`${ref.value} is there already.`);
    const object = { ref, properties: new Map<string, VimValue>() };
    for (const [name, value] of Object.entries(properties))
      if (value !== undefined) object.properties.set(name, value);
    this.objects.set(ref.value, object);
    this.tell({ kind: 'ENTER', ref });
    return object;
  }

  get(ref: MoRef): ManagedObject | null {
    const found = this.objects.get(ref.value);
    return found?.ref.$ref === ref.$ref ? found : null;
  }

  ofType(type: string): readonly ManagedObject[] {
    return [...this.objects.values()].filter((one) => one.ref.$ref === type);
  }

  read(ref: MoRef, path: string): VimValue | undefined {
    const [first = '', ...fields] = path.split('.');
    let value: VimValue | undefined = this.get(ref)?.properties.get(first);
    for (const field of fields) value = (value as VimStruct | undefined)?.[field];
    return value;
  }

  update(ref: MoRef, values: Values): void {
    const object = this.objects.get(ref.value);
    if (!object) throw new Error(`${ref.value} is not there.`);
    for (const [path, value] of Object.entries(values)) {
      const [first = '', ...fields] = path.split('.');
      const next = write(object.properties.get(first), fields, value);
      if (next === undefined) object.properties.delete(first);
      else object.properties.set(first, next);
    }
    this.tell({ kind: 'MODIFY', ref, paths: Object.keys(values) });
  }

  remove(ref: MoRef): void {
    if (!this.objects.delete(ref.value)) throw new Error(`${ref.value} is not there.`);
    this.tell({ kind: 'LEAVE', ref });
  }

  changesSince(version: number): readonly ObjectChange[] {
    return this.changes.slice(version);
  }

  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private tell(change: ObjectChange): void {
    this.changes.push(change);
    for (const listener of [...this.listeners]) listener();
  }
}

function write(
  value: VimValue | undefined,
  fields: readonly string[],
  next: VimValue | undefined,
): VimValue | undefined {
  const [field, ...rest] = fields;
  if (field === undefined) return next;
  const owner = value as VimStruct;
  return { ...owner, [field]: write(owner[field], rest, next) };
}

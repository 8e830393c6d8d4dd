import type { ManagedObject, ObjectChange, ObjectStore } from '../objects/object-store';
import type { SessionObject } from '../service/session';
import { refKey } from '../vim/value-kinds';
import { array } from '../vim/values';
import type { MoRef, VimArray, VimValue } from '../vim/values';

/** A set of objects that keeps itself up to date, looking only at what has changed since it was last asked. */
export abstract class LiveView implements SessionObject {
  protected readonly members = new Map<string, MoRef>();
  /** Grows whenever members came or went. */
  revision = 0;
  /** Grows when they did so for another reason than a change of their own. */
  generation = 0;
  private seen = -1;
  private list: VimArray | null = null;

  constructor(
    readonly ref: MoRef,
    protected readonly store: ObjectStore,
  ) {}

  /** Everything that belongs into the view now. */
  protected abstract select(): Iterable<MoRef>;

  /** Takes a change in. False when that needs all members to be looked up anew. */
  protected abstract absorb(change: ObjectChange): boolean;

  /** Properties beside `view`. */
  protected abstract describe(): readonly (readonly [string, VimValue])[];

  sync(): void {
    if (this.seen === this.store.version) return;
    const changes = this.seen < 0 ? null : this.store.changesSince(this.seen);
    if (!changes?.every((change) => this.absorb(change))) this.selectAnew();
    this.seen = this.store.version;
  }

  has(ref: MoRef): boolean {
    return this.members.has(refKey(ref));
  }

  picture(): ManagedObject {
    this.sync();
    this.list ??= array('ManagedObjectReference', [...this.members.values()]);
    return { ref: this.ref, properties: new Map([['view', this.list], ...this.describe()]) };
  }

  dispose(): void {
    this.members.clear();
  }

  protected selectAnew(): void {
    const selected = [...this.select()];
    this.members.clear();
    for (const ref of selected) this.members.set(refKey(ref), ref);
    this.generation += 1;
    this.touched();
  }

  protected put(ref: MoRef): void {
    if (this.has(ref)) return;
    this.members.set(refKey(ref), ref);
    this.touched();
  }

  protected drop(ref: MoRef): void {
    if (this.members.delete(refKey(ref))) this.touched();
  }

  private touched(): void {
    this.revision += 1;
    this.list = null;
  }
}

import type { ObjectChange } from '../objects/object-store';
import { refKey } from '../vim/value-kinds';
import type { MoRef, VimValue } from '../vim/values';
import { LiveView } from './live-view';

/** Objects that a client has named; one that is deleted drops out. */
export class ListView extends LiveView {
  private listed: readonly MoRef[] = [];

  /** Replaces the list. Gives the references that lead nowhere. */
  reset(refs: readonly MoRef[]): readonly MoRef[] {
    const existing = refs.filter((ref) => this.store.get(ref) !== null);
    this.listed = [...new Map(existing.map((ref) => [refKey(ref), ref])).values()];
    this.selectAnew();
    return refs.filter((ref) => this.store.get(ref) === null);
  }

  modify(add: readonly MoRef[], remove: readonly MoRef[]): readonly MoRef[] {
    this.sync();
    const removed = new Set(remove.map(refKey));
    const kept = [...this.members.values()].filter((ref) => !removed.has(refKey(ref)));
    return this.reset([...kept, ...add]);
  }

  protected *select(): Iterable<MoRef> {
    for (const ref of this.listed) if (this.store.get(ref)) yield ref;
  }

  protected absorb(change: ObjectChange): boolean {
    if (change.kind === 'LEAVE') this.drop(change.ref);
    return true;
  }

  protected describe(): readonly (readonly [string, VimValue])[] {
    return [];
  }
}

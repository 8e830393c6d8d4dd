import { isRelated } from '../objects/property-path';
import type { ManagedObject, ObjectChange } from '../objects/object-store';
import { readPath } from '../objects/read-path';
import { objectNotFound } from '../service/dispatcher';
import type { Scope } from '../service/scope';
import type { SessionObject } from '../service/session';
import { VimFault } from '../vim/fault';
import { isSame, refKey } from '../vim/value-kinds';
import { array, enumeration, struct } from '../vim/values';
import type { MoRef, VimStruct, VimValue } from '../vim/values';
import type { FilterSpec } from './filter-spec';
import { MemberSet } from './member-set';
import { localized, unknownProperty } from './object-content';
import { PendingUpdates } from './pending-updates';
import { PropertyPlan } from './property-plan';
import type { PlannedPath } from './property-plan';

/** A filter of a collector: it knows what the client was told, and tells what is different now. */
export class PropertyFilter implements SessionObject {
  private readonly plan: PropertyPlan;
  private readonly members: MemberSet;
  private readonly pending = new PendingUpdates();
  /** What was last told of each object, in the order of the paths of its plan. */
  private readonly told = new Map<string, (VimValue | undefined)[]>();
  private missing: readonly MoRef[] = [];
  private seen: number;

  /** @throws VimFault ManagedObjectNotFound */
  constructor(
    readonly ref: MoRef,
    private readonly spec: FilterSpec,
    private readonly partialUpdates: boolean,
    private readonly scope: Scope,
  ) {
    this.plan = new PropertyPlan(spec.properties);
    this.members = new MemberSet(spec, scope);
    this.seen = scope.store.version;
    this.restart();
  }

  picture(): ManagedObject {
    return { ref: this.ref, properties: new Map([['partialUpdates', this.partialUpdates]]) };
  }

  dispose(): void {
    this.pending.clear();
    this.told.clear();
  }

  /** Tells everything from the beginning. */
  restart(): void {
    this.absorb(this.scope.store.changesSince(this.seen));
    this.pending.clear();
    this.told.clear();
    this.missing = this.members.missing;
    for (const ref of this.members.all()) this.enter(ref);
  }

  /**
   * Looks at what has changed in the store since the last time.
   * @throws VimFault InvalidCollectorVersion when that is not known any more
   */
  refresh(): void {
    const changes = this.scope.store.changesSince(this.seen);
    if (!changes) throw new VimFault('InvalidCollectorVersion');
    this.absorb(changes);
  }

  hasNews(): boolean {
    if (this.missing.length > 0) return true;
    return this.pending.hasNews(
      (update) => update.kind === 'modify' && !this.differs(update.ref, update.paths),
    );
  }

  /** A `PropertyFilterUpdate` of at most so many objects; null when nothing is new. */
  take(maxObjects: number): { readonly update: VimStruct; readonly objects: number } | null {
    const objects: VimStruct[] = [];
    while (objects.length < maxObjects) {
      const next = this.pending.take();
      if (!next) break;
      const update = next.kind === 'leave' ? this.left(next.ref) : this.changed(next.ref, next);
      if (update) objects.push(update);
    }
    const missing = this.missing.map((obj) =>
      struct('MissingObject', { obj, fault: localized(objectNotFound(obj)) }),
    );
    this.missing = [];
    if (objects.length === 0 && missing.length === 0) return null;
    const fields = {
      filter: this.ref,
      objectSet: array('ObjectUpdate', objects),
      missingSet: array('MissingObject', missing),
    };
    return { update: struct('PropertyFilterUpdate', fields), objects: objects.length };
  }

  private absorb(changes: readonly ObjectChange[] | null): void {
    this.seen = this.scope.store.version;
    const moved = this.members.absorb(changes);
    for (const [key, ref] of moved) {
      if (this.members.has(ref)) this.enter(ref);
      else this.pending.leave(ref, this.told.has(key));
    }
    for (const change of changes ?? []) {
      if (change.kind !== 'MODIFY' || !this.members.has(change.ref)) continue;
      const planned = this.plan.of(change.ref.$ref) ?? [];
      const touched = planned.filter(({ path }) => change.paths.some((changed) => isRelated(path, changed)));
      if (touched.length > 0)
        this.pending.modify(
          change.ref,
          touched.map(({ path }) => path),
        );
    }
  }

  private enter(ref: MoRef): void {
    const plan = this.plan.of(ref.$ref);
    if (plan)
      this.pending.enter(
        ref,
        this.told.has(refKey(ref)),
        plan.map(({ path }) => path),
      );
  }

  private left(ref: MoRef): VimStruct {
    this.told.delete(refKey(ref));
    return objectUpdate('leave', ref, [], []);
  }

  private differs(ref: MoRef, paths: ReadonlySet<string>): boolean {
    const object = this.scope.get(ref);
    const told = this.told.get(refKey(ref)) ?? [];
    const planned = this.plan.of(ref.$ref) ?? [];
    return planned.some(
      (one, index) => object && paths.has(one.path) && !isSame(valueOf(object, one), told[index]),
    );
  }

  /** Null when it turns out that nothing is different. */
  private changed(
    ref: MoRef,
    pending: { readonly kind: string; readonly paths?: ReadonlySet<string> },
  ): VimStruct | null {
    const object = this.scope.get(ref);
    const plan = this.plan.of(ref.$ref);
    if (!object || !plan) return null;
    const isNew = pending.kind === 'enter';
    const told = this.told.get(refKey(ref)) ?? [];
    const changes: VimStruct[] = [];
    const missing: VimStruct[] = [];
    plan.forEach((one, index) => {
      if (pending.paths && !pending.paths.has(one.path)) return;
      const value = valueOf(object, one);
      if (!isSame(value, told[index])) changes.push(propertyChange(one.path, value));
      if (isNew && !one.steps) missing.push(unknownProperty(one.path));
      told[index] = value;
    });
    this.told.set(refKey(ref), told);
    return isNew || changes.length > 0
      ? objectUpdate(isNew ? 'enter' : 'modify', ref, changes, missing)
      : null;
  }
}

/** A property that is unset now is assigned nothing. */
function propertyChange(name: string, val: VimValue | undefined): VimStruct {
  return struct('PropertyChange', { name, op: enumeration('PropertyChangeOp', 'assign'), val });
}

function valueOf(object: ManagedObject, { steps }: PlannedPath): VimValue | undefined {
  return steps ? readPath(object.properties, steps) : undefined;
}

function objectUpdate(
  kind: 'enter' | 'leave' | 'modify',
  obj: MoRef,
  changes: readonly VimStruct[],
  missing: readonly VimStruct[],
): VimStruct {
  return struct('ObjectUpdate', {
    kind: enumeration('ObjectUpdateKind', kind),
    obj,
    changeSet: array('PropertyChange', changes),
    missingSet: array('MissingProperty', missing),
  });
}

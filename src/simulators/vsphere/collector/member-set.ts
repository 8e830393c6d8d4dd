import { isRelated } from '../objects/property-path';
import type { ObjectChange } from '../objects/object-store';
import type { Scope } from '../service/scope';
import { refKey } from '../vim/value-kinds';
import type { MoRef } from '../vim/values';
import { LiveView } from '../views/live-view';
import type { FilterSpec } from './filter-spec';
import { selectObjects } from './select-objects';
import type { Selection } from './select-objects';

interface FollowedView {
  readonly view: LiveView;
  revision: number;
  generation: number;
}

/**
 * The objects of a filter, kept up to date. Views tell by themselves who comes and goes, so that a filter over one
 * costs as much as there are changes; any other traversal is walked again when something on its way has changed.
 */
export class MemberSet {
  private selection: Selection;
  private members: Map<string, MoRef>;
  private views: readonly FollowedView[] = [];
  /** Whether everything is either named or found at the end of one step from a view. */
  private isOnlyViews = false;

  /** @throws VimFault ManagedObjectNotFound */
  constructor(
    private readonly spec: FilterSpec,
    private readonly scope: Scope,
  ) {
    this.selection = selectObjects(spec, scope);
    this.members = new Map(this.selection.members);
    this.followViews();
  }

  get missing(): readonly MoRef[] {
    return this.selection.missing;
  }

  all(): Iterable<MoRef> {
    return this.members.values();
  }

  has(ref: MoRef): boolean {
    return this.members.has(refKey(ref));
  }

  /**
   * Gives the objects that came or went, each by its key: ask `has` which of both.
   * @param changes null when not all of them are known any more
   */
  absorb(changes: readonly ObjectChange[] | null): ReadonlyMap<string, MoRef> {
    for (const { view } of this.views) view.sync();
    if (!changes || this.mustWalk(changes)) return this.walk();
    const moved = new Map<string, MoRef>();
    for (const { ref, kind } of changes) {
      const belongs = kind !== 'LEAVE' && (this.isNamed(ref) || this.views.some(({ view }) => view.has(ref)));
      if (this.isOnlyViews ? belongs !== this.has(ref) : kind === 'LEAVE' && this.has(ref)) {
        moved.set(refKey(ref), ref);
        if (belongs) this.members.set(refKey(ref), ref);
        else this.members.delete(refKey(ref));
      }
    }
    for (const followed of this.views) followed.revision = followed.view.revision;
    return moved;
  }

  private mustWalk(changes: readonly ObjectChange[]): boolean {
    const isStale = this.views.some(({ view, revision, generation }) =>
      this.isOnlyViews ? view.generation !== generation : view.revision !== revision,
    );
    const isGone = this.views.some(({ view }) => this.scope.get(view.ref) === null);
    return isStale || isGone || changes.some((change) => this.isOnTheWay(change));
  }

  private isOnTheWay(change: ObjectChange): boolean {
    const key = refKey(change.ref);
    if (change.kind === 'ENTER') return this.selection.dangling.has(key);
    const followed = this.selection.followed.get(key);
    if (!followed) return false;
    if (change.kind === 'LEAVE') return true;
    return change.paths.some((path) => [...followed].some((one) => isRelated(path, one)));
  }

  /** Walks all the ways again. */
  private walk(): ReadonlyMap<string, MoRef> {
    const before = this.members;
    this.selection = selectObjects({ ...this.spec, reportMissing: true }, this.scope);
    this.members = new Map(this.selection.members);
    this.followViews();
    const moved = new Map<string, MoRef>();
    for (const [key, ref] of before) if (!this.members.has(key)) moved.set(key, ref);
    for (const [key, ref] of this.members) if (!before.has(key)) moved.set(key, ref);
    return moved;
  }

  private followViews(): void {
    this.views = this.spec.objects.flatMap(({ obj }) => {
      const view = this.scope.session?.get(obj);
      return view instanceof LiveView ? [{ view, revision: view.revision, generation: view.generation }] : [];
    });
    this.isOnlyViews = this.spec.objects.every(
      ({ select, obj }) =>
        select.length === 0 ||
        (this.views.some(({ view }) => refKey(view.ref) === refKey(obj)) &&
          select.every((one) => one.path === 'view' && !one.skip && one.next.length === 0)),
    );
  }

  private isNamed(ref: MoRef): boolean {
    return this.spec.objects.some(
      ({ obj, skip }) => !skip && obj.value === ref.value && obj.$ref === ref.$ref,
    );
  }
}

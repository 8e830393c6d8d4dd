import { objectNotFound } from '../service/dispatcher';
import type { Scope } from '../service/scope';
import { isA } from '../vim/managed-types';
import { refKey, refsIn } from '../vim/value-kinds';
import type { MoRef } from '../vim/values';
import type { FilterSpec, Traversal } from './filter-spec';

/** The objects that a specification selects, and the ways that led to them. */
export interface Selection {
  /** By key, in the order in which they were found. */
  readonly members: ReadonlyMap<string, MoRef>;
  /** Objects named in the specification that do not exist. */
  readonly missing: readonly MoRef[];
  /** Key of a visited object → the paths that were followed from it: a change there can change the members. */
  readonly followed: ReadonlyMap<string, ReadonlySet<string>>;
  /** Keys of objects that are referred to and do not exist, or not yet. */
  readonly dangling: ReadonlySet<string>;
}

/** @throws VimFault ManagedObjectNotFound for a named object, unless missing ones are to be reported */
export function selectObjects(spec: FilterSpec, scope: Scope): Selection {
  const walk = new Walk(scope);
  const missing: MoRef[] = [];
  for (const { obj, skip, select } of spec.objects) {
    if (scope.get(obj)) walk.from(obj, skip, scope.session ? select : []);
    else if (spec.reportMissing) {
      missing.push(obj);
      walk.dangling.add(refKey(obj));
    } else throw objectNotFound(obj);
  }
  const { members, followed, dangling } = walk;
  return { members, missing, followed, dangling };
}

class Walk {
  readonly members = new Map<string, MoRef>();
  readonly followed = new Map<string, Set<string>>();
  readonly dangling = new Set<string>();
  /** What was already followed from where: named selections may lead in circles. */
  private readonly done = new Map<Traversal, Set<string>>();

  constructor(private readonly scope: Scope) {}

  from(start: MoRef, skip: boolean, select: readonly Traversal[]): void {
    if (!skip) this.members.set(refKey(start), start);
    const open: { ref: MoRef; select: readonly Traversal[] }[] = [{ ref: start, select }];
    for (let at = open.pop(); at; at = open.pop()) {
      const { ref, select: steps } = at;
      for (const step of steps)
        if (isA(ref.$ref, step.type) && this.isNew(step, ref)) open.push(...this.step(ref, step));
    }
  }

  /** Goes one step, and gives where to go on from. */
  private step(ref: MoRef, traversal: Traversal): { ref: MoRef; select: readonly Traversal[] }[] {
    const targets = this.follow(ref, traversal);
    if (!traversal.skip) for (const target of targets) this.members.set(refKey(target), target);
    return traversal.next.length === 0
      ? []
      : targets.map((target) => ({ ref: target, select: traversal.next }));
  }

  private isNew(traversal: Traversal, ref: MoRef): boolean {
    const known = this.done.get(traversal) ?? new Set();
    this.done.set(traversal, known);
    const key = refKey(ref);
    if (known.has(key)) return false;
    known.add(key);
    return true;
  }

  /** What was deleted meanwhile is passed over. */
  private follow(ref: MoRef, traversal: Traversal): readonly MoRef[] {
    const key = refKey(ref);
    const paths = this.followed.get(key) ?? new Set();
    this.followed.set(key, paths.add(traversal.path));
    const targets = refsIn(this.scope.read(ref, traversal.path));
    return targets.filter((target) => {
      if (this.scope.get(target)) return true;
      this.dangling.add(refKey(target));
      return false;
    });
  }
}

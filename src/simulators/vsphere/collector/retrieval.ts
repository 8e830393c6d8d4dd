import type { Scope } from '../service/scope';
import { array, struct } from '../vim/values';
import type { MoRef, VimStruct } from '../vim/values';
import type { FilterSpec } from './filter-spec';
import { objectContent } from './object-content';
import { PropertyPlan } from './property-plan';
import { selectObjects } from './select-objects';

/** One answer to RetrievePropertiesEx, handed out in pages. Values are those of the moment of their page. */
export class Retrieval {
  private readonly waiting: { readonly ref: MoRef; readonly plan: PropertyPlan }[];
  private next = 0;

  constructor(
    specs: readonly FilterSpec[],
    private readonly pageSize: number,
    scope: Scope,
  ) {
    this.waiting = specs.flatMap((spec) => {
      const plan = new PropertyPlan(spec.properties);
      const members = [...selectObjects(spec, scope).members.values()];
      return members.filter((ref) => plan.of(ref.$ref) !== null).map((ref) => ({ ref, plan }));
    });
  }

  get isDone(): boolean {
    return this.next >= this.waiting.length;
  }

  /** The next objects; those that were deleted meanwhile are left out. */
  page(scope: Scope): readonly VimStruct[] {
    const found: VimStruct[] = [];
    while (found.length < this.pageSize && this.next < this.waiting.length) {
      const one = this.waiting[this.next];
      this.next += 1;
      const content = one ? objectContent(one.ref, one.plan, scope) : null;
      if (content) found.push(content);
    }
    return found;
  }
}

/** Undefined, which means no `returnval`, when there are no objects at all. */
export function retrieveResult(objects: readonly VimStruct[], token: string | null): VimStruct | undefined {
  if (objects.length === 0 && token === null) return undefined;
  return struct('RetrieveResult', {
    token: token ?? undefined,
    objects: array('ObjectContent', objects),
  });
}

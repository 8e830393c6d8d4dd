import { parsePath } from '../objects/property-path';
import type { PathStep } from '../objects/property-path';
import { isA, propertiesOf } from '../vim/managed-types';
import type { PropertySpec } from './filter-spec';
import { isKnownPath } from './known-paths';

/** A path as it was asked for, made ready to be read from many objects. */
export interface PlannedPath {
  readonly path: string;
  /** Null when no object of the type can have a value there. */
  readonly steps: readonly PathStep[] | null;
}

/** Which paths a filter asks for, worked out once for each type that it meets. */
export class PropertyPlan {
  private readonly plans = new Map<string, readonly PlannedPath[] | null>();

  constructor(private readonly specs: readonly PropertySpec[]) {}

  /** Null when nothing is said about the type: its objects are not reported then. */
  of(type: string): readonly PlannedPath[] | null {
    const known = this.plans.get(type);
    if (known !== undefined) return known;
    const plan = this.make(type);
    this.plans.set(type, plan);
    return plan;
  }

  private make(type: string): readonly PlannedPath[] | null {
    const matching = this.specs.filter((spec) => isA(type, spec.type));
    if (matching.length === 0) return null;
    const paths = matching.flatMap((spec) => (spec.all ? [...propertiesOf(type)] : spec.paths));
    return [...new Set(paths)].map((path) => ({
      path,
      steps: isKnownPath(type, path) ? parsePath(path) : null,
    }));
  }
}

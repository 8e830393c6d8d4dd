import { isA, propertiesOf } from '../vim/managed-types';
import type { PropertySpec } from './filter-spec';

/** The paths to read from the objects of one type. */
export interface TypePlan {
  readonly paths: readonly string[];
}

/** Which paths a filter asks for, worked out once for each type that it meets. */
export class PropertyPlan {
  private readonly plans = new Map<string, TypePlan | null>();

  constructor(private readonly specs: readonly PropertySpec[]) {}

  /** Null when nothing is said about the type: its objects are not reported then. */
  of(type: string): TypePlan | null {
    const known = this.plans.get(type);
    if (known !== undefined) return known;
    const plan = this.make(type);
    this.plans.set(type, plan);
    return plan;
  }

  private make(type: string): TypePlan | null {
    const matching = this.specs.filter((spec) => isA(type, spec.type));
    if (matching.length === 0) return null;
    const paths = matching.flatMap((spec) => (spec.all ? [...propertiesOf(type)] : spec.paths));
    return { paths: [...new Set(paths)] };
  }
}

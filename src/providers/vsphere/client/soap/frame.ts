import type { FieldPlan, Plan } from './plan';

/** One open element. Frames are used again for the next element of the same depth. */
export class Frame {
  plan!: Plan;
  field!: FieldPlan;
  text = '';
  /** The attribute `type` of a reference. */
  refType = '';
  object: Record<string, unknown> | null = null;
  list: unknown[] | null = null;

  reset(plan: Plan, field: FieldPlan): void {
    this.plan = plan;
    this.field = field;
    this.text = '';
    this.refType = '';
    this.object = null;
    this.list = null;
  }
}

import { BadAnswerError } from './bad-answer';
import { Frame } from './frame';
import { detached, interned } from './interned';
import { withoutPrefix } from './xml-reader';
import type { XmlSink } from './xml-reader';
import type { FieldPlan, Plan, Planner, StructPlan, TextPlan } from './plan';

/** Deeper than any data object of vim25; snapshot trees are the deepest and have at most 32 levels. */
const MAX_DEPTH = 200;

/**
 * Turns the events of an XML parser into one value of a schema, without a tree in between. Elements that the schema
 * does not know are skipped: a newer server tells more than we ask.
 */
export class Decoder implements XmlSink {
  private readonly frames: Frame[] = [];
  private depth = -1;
  private skipped = 0;
  private result: unknown = undefined;

  /** @param root the plan of the document's element, whatever its name */
  constructor(
    private readonly planner: Planner,
    private readonly root: FieldPlan,
  ) {}

  /** @throws BadAnswerError */
  open(name: string, xsiType: string | null, type: string): void {
    if (this.skipped > 0) {
      this.skip();
      return;
    }
    const field = this.fieldFor(name);
    if (field === null) {
      this.skip();
      return;
    }
    this.depth += 1;
    if (this.depth > MAX_DEPTH) throw new BadAnswerError('The answer is nested too deeply.');
    const frame = (this.frames[this.depth] ??= new Frame());
    begin(frame, field, this.planOf(field, xsiType), name, xsiType, type);
  }

  text(text: string): void {
    if (this.skipped > 0) return;
    const frame = this.frames[this.depth];
    if (frame !== undefined && (frame.plan.kind === 'text' || frame.plan.kind === 'ref')) frame.text += text;
  }

  /** @throws BadAnswerError */
  close(): void {
    if (this.skipped > 0) {
      this.skipped -= 1;
      return;
    }
    const frame = this.frames[this.depth] as Frame;
    this.depth -= 1;
    const value = finish(frame);
    const parent = this.depth < 0 ? undefined : this.frames[this.depth];
    if (parent === undefined) this.result = value;
    else if (value !== undefined) deliver(parent, frame.field, value);
  }

  /** The document's value, once its element has been closed. */
  value(): unknown {
    return this.result;
  }

  private skip(): void {
    this.skipped += 1;
    if (this.depth + this.skipped > MAX_DEPTH) throw new BadAnswerError('The answer is nested too deeply.');
  }

  private fieldFor(name: string): FieldPlan | null {
    if (this.depth < 0) return this.root;
    const frame = this.frames[this.depth] as Frame;
    const { plan } = frame;
    if (plan.kind === 'struct')
      return plan.fields.get(name) ?? plan.fields.get(withoutPrefix(name)) ?? plan.wildcard;
    // The item of an array is no field of its own; `deliver` knows by the parent's list.
    if (plan.kind === 'array') return itemOf(plan);
    frame.opaque = true;
    return null;
  }

  private planOf(field: FieldPlan, xsiType: string | null): Plan {
    if (field.plan.kind !== 'any') return field.plan;
    return xsiType === null ? UNTYPED : this.planner.byName(xsiType);
  }
}

function begin(
  frame: Frame,
  field: FieldPlan,
  plan: Plan,
  name: string,
  xsiType: string | null,
  type: string,
): void {
  switch (plan.kind) {
    case 'union': {
      const member = xsiType === null ? plan.base : plan.members.get(xsiType);
      const struct = member ?? plan.base;
      frame.reset(struct, field);
      frame.object =
        member === undefined ? { $type: struct.name, $unknownType: xsiType } : { $type: struct.name };
      break;
    }
    case 'open':
      frame.reset(plan.struct, field);
      frame.object = { $type: xsiType ?? faultName(withoutPrefix(name)) };
      break;
    default:
      frame.reset(plan, field);
      if (plan.kind === 'struct') frame.object = {};
      else if (plan.kind === 'array') frame.list = [];
      else if (plan.kind === 'ref') frame.refType = type;
  }
}

const UNTYPED: TextPlan = { kind: 'text', schema: null };
const items = new WeakMap<Plan, FieldPlan>();

function itemOf(plan: Extract<Plan, { kind: 'array' }>): FieldPlan {
  let item = items.get(plan);
  if (item === undefined) {
    item = { name: 'item', plan: plan.item, list: true };
    items.set(plan, item);
  }
  return item;
}

function deliver(parent: Frame, field: FieldPlan, value: unknown): void {
  if (parent.list !== null) {
    parent.list.push(value);
    return;
  }
  const object = parent.object as Record<string, unknown>;
  if (!field.list) {
    object[field.name] = value;
    return;
  }
  const list = object[field.name] as unknown[] | undefined;
  if (list === undefined) object[field.name] = [value];
  else list.push(value);
}

function finish(frame: Frame): unknown {
  const { plan } = frame;
  switch (plan.kind) {
    case 'text':
      return finishText(plan, frame);
    case 'ref':
      return { type: interned(frame.refType), value: detached(frame.text) };
    case 'struct':
      return finishStruct(plan, frame.object as Record<string, unknown>);
    default:
      return frame.list;
  }
}

function finishText(plan: TextPlan, frame: Frame): unknown {
  if (plan.schema === null) return frame.opaque ? undefined : detached(frame.text);
  const { schema } = plan;
  const value: unknown = schema.parse(schema.interned ? interned(frame.text) : detached(frame.text));
  if (value === null)
    throw new BadAnswerError(`In ${frame.field.name} the server sent what is no ${schema.name}.`);
  return value;
}

function finishStruct(plan: StructPlan, object: Record<string, unknown>): unknown {
  for (const name of plan.lists) if (object[name] === undefined) object[name] = [];
  for (const name of plan.required)
    if (object[name] === undefined)
      throw new BadAnswerError(`The server sent a ${plan.name} without ${name}.`);
  return object;
}

/** The element of a fault without a type: `NotAuthenticatedFault`. */
function faultName(element: string): string {
  return element.endsWith('Fault') ? element.slice(0, -'Fault'.length) : element;
}

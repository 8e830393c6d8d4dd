import { BadAnswerError } from './bad-answer';
import { Frame } from './frame';
import type { FieldPlan, Plan, Planner, StructPlan, TextPlan, UnionPlan } from './plan';

export type Attributes = Readonly<Record<string, string>>;

/** Deeper than any data object of vim25; snapshot trees are the deepest and have at most 32 levels. */
const MAX_DEPTH = 200;

/**
 * Turns the events of an XML parser into one value of a schema, without a tree in between. Elements that the schema
 * does not know are skipped: a newer server tells more than we ask.
 */
export class Decoder {
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
  open(name: string, attributes: Attributes): void {
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
    this.begin(frame, field, name, attributes);
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
    else deliver(parent, frame.field, value);
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
    const { plan } = this.frames[this.depth] as Frame;
    if (plan.kind === 'struct')
      return plan.fields.get(name) ?? plan.fields.get(withoutPrefix(name)) ?? plan.wildcard;
    // The item of an array is no field of its own; `deliver` knows by the parent's list.
    return plan.kind === 'array' ? itemOf(plan) : null;
  }

  private begin(frame: Frame, field: FieldPlan, name: string, attributes: Attributes): void {
    const { plan } = field;
    switch (plan.kind) {
      case 'any': {
        const type = typeOf(attributes);
        this.start(frame, field, type === null ? UNTYPED : this.planner.byName(type), type, name, attributes);
        break;
      }
      case 'union':
      case 'open':
        this.start(frame, field, plan, typeOf(attributes), name, attributes);
        break;
      default:
        startPlain(frame, field, plan, attributes);
    }
  }

  private start(
    frame: Frame,
    field: FieldPlan,
    plan: Plan,
    type: string | null,
    name: string,
    attributes: Attributes,
  ): void {
    if (plan.kind === 'union') startMember(frame, field, plan, type);
    else if (plan.kind === 'open') {
      frame.reset(plan.struct, field);
      frame.object = { $type: type ?? faultName(withoutPrefix(name)) };
    } else startPlain(frame, field, plan, attributes);
  }
}

function startPlain(frame: Frame, field: FieldPlan, plan: Plan, attributes: Attributes): void {
  frame.reset(plan, field);
  if (plan.kind === 'struct') frame.object = {};
  else if (plan.kind === 'array') frame.list = [];
  else if (plan.kind === 'ref') frame.refType = attributes.type ?? '';
}

function startMember(frame: Frame, field: FieldPlan, plan: UnionPlan, type: string | null): void {
  const member = type === null ? plan.base : plan.members.get(type);
  const struct = member ?? plan.base;
  frame.reset(struct, field);
  frame.object = member === undefined ? { $type: struct.name, $unknownType: type } : { $type: struct.name };
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
      return { type: frame.refType, value: frame.text };
    case 'struct':
      return finishStruct(plan, frame.object as Record<string, unknown>);
    default:
      return frame.list;
  }
}

function finishText(plan: TextPlan, frame: Frame): unknown {
  if (plan.schema === null) return frame.text;
  const value: unknown = plan.schema.parse(frame.text);
  if (value === null)
    throw new BadAnswerError(`In ${frame.field.name} the server sent what is no ${plan.schema.name}.`);
  return value;
}

function finishStruct(plan: StructPlan, object: Record<string, unknown>): unknown {
  for (const name of plan.lists) if (object[name] === undefined) object[name] = [];
  for (const name of plan.required)
    if (object[name] === undefined)
      throw new BadAnswerError(`The server sent a ${plan.name} without ${name}.`);
  return object;
}

function withoutPrefix(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

/** The `xsi:type` without its prefix. Servers choose the prefixes of both the attribute and its value. */
function typeOf(attributes: Attributes): string | null {
  for (const name in attributes) if (name.endsWith(':type')) return withoutPrefix(attributes[name] as string);
  return null;
}

/** The element of a fault without a type: `NotAuthenticatedFault`. */
function faultName(element: string): string {
  return element.endsWith('Fault') ? element.slice(0, -'Fault'.length) : element;
}

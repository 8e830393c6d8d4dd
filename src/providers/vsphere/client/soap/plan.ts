/** Schemas made ready for the decoder: maps instead of lists, and no look at a schema's kind twice. */
import type { TypeRegistry } from '../schema/type-registry';
import type { ScalarSchema, Schema, StructSchema } from '../schema/schema';

export type Plan = TextPlan | RefPlan | StructPlan | UnionPlan | OpenPlan | ArrayPlan | AnyPlan;

/** Null for a text of a type that nobody knows: an enumeration, as it stands. */
export interface TextPlan {
  readonly kind: 'text';
  readonly schema: ScalarSchema | null;
}

export interface RefPlan {
  readonly kind: 'ref';
}

export interface StructPlan {
  readonly kind: 'struct';
  readonly name: string;
  readonly fields: Map<string, FieldPlan>;
  readonly required: string[];
  readonly lists: string[];
  /** Reads elements that no field has the name of. */
  wildcard: FieldPlan | null;
}

export interface FieldPlan {
  readonly name: string;
  readonly plan: Plan;
  readonly list: boolean;
}

export interface UnionPlan {
  readonly kind: 'union';
  readonly base: StructPlan;
  readonly members: ReadonlyMap<string, StructPlan>;
}

export interface OpenPlan {
  readonly kind: 'open';
  readonly struct: StructPlan;
}

/** `ArrayOfX`: its elements' names depend on X and do not matter. */
export interface ArrayPlan {
  readonly kind: 'array';
  readonly item: Plan;
}

export interface AnyPlan {
  readonly kind: 'any';
}

const ANY: AnyPlan = { kind: 'any' };
const REF: RefPlan = { kind: 'ref' };
const UNKNOWN_TEXT: TextPlan = { kind: 'text', schema: null };

/** Plans, each made once, when it is first needed. */
export class Planner {
  private readonly plans = new Map<Schema, Plan>();
  private readonly named = new Map<string, Plan>();

  constructor(private readonly types: TypeRegistry) {}

  /** @param name an `xsi:type` without its prefix */
  byName(name: string): Plan {
    let plan = this.named.get(name);
    if (plan === undefined) {
      plan = this.lookUp(name);
      // Of the unknown ones there is no end.
      if (this.types.get(name) !== undefined) this.named.set(name, plan);
    }
    return plan;
  }

  of(schema: Schema): Plan {
    const known = this.plans.get(schema);
    if (known !== undefined) return known;
    const plan = this.make(schema);
    this.plans.set(schema, plan);
    return plan;
  }

  private lookUp(name: string): Plan {
    const schema = this.types.get(name);
    if (schema !== undefined) return this.of(schema);
    if (!name.startsWith('ArrayOf')) return UNKNOWN_TEXT;
    const item = name.slice('ArrayOf'.length);
    // The arrays of scalars are written with a capital: ArrayOfString, ArrayOfInt, ArrayOfBase64Binary.
    const of = this.types.get(item) ?? this.types.get(item.charAt(0).toLowerCase() + item.slice(1));
    if (of !== undefined) return { kind: 'array', item: this.of(of) };
    return { kind: 'array', item: item === 'AnyType' ? ANY : UNKNOWN_TEXT };
  }

  private make(schema: Schema): Plan {
    switch (schema.kind) {
      case 'scalar':
        return { kind: 'text', schema };
      case 'moRef':
        return REF;
      case 'any':
        return ANY;
      case 'optional':
        return this.of(schema.inner);
      case 'lazy':
        return this.of(schema.get());
      case 'array':
        return { kind: 'array', item: this.of(schema.item) };
      case 'open':
        return { kind: 'open', struct: this.struct(schema.struct) };
      case 'struct':
        return this.struct(schema);
      case 'union':
        return {
          kind: 'union',
          base: this.struct(schema.base),
          members: new Map(schema.members.map((member) => [member.name, this.struct(member)])),
        };
    }
  }

  private struct(schema: StructSchema): StructPlan {
    const known = this.plans.get(schema);
    if (known?.kind === 'struct') return known;
    const plan: StructPlan = {
      kind: 'struct',
      name: schema.name,
      fields: new Map(),
      required: [],
      lists: [],
      wildcard: null,
    };
    // Before the fields, which may hold the struct itself.
    this.plans.set(schema, plan);
    for (const [name, field] of Object.entries(schema.fields)) {
      const inner = field.kind === 'optional' ? field.inner : field;
      const list = inner.kind === 'array';
      plan.fields.set(name, { name, list, plan: this.of(list ? inner.item : inner) });
      if (field.kind === 'array') plan.lists.push(name);
      else if (field.kind !== 'optional') plan.required.push(name);
    }
    return plan;
  }
}

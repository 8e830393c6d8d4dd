/**
 * What a schema is. One schema describes a type of the WSDL for both directions: the encoder writes a value by it, in
 * its order of fields, and the decoder reads one; TypeScript's type of the value is inferred from it (`Infer`).
 */

/** `value` exists for the compiler alone: it carries the type of the values. */
interface Typed<T> {
  readonly value?: T;
}

/** A text without structure: `xsd:string` and the like. */
export interface ScalarSchema<T = unknown> extends Typed<T> {
  readonly kind: 'scalar';
  /** Its name on the wire without the prefix: `string`, `int`, `VirtualMachinePowerState`. */
  readonly name: string;
  /** True where many values are the same text: they share one copy. */
  readonly interned: boolean;
  /** Null where the text is no such value. */
  parse(text: string): T | null;
  print(value: T): string;
}

/** The id of a managed object, `<x type="VirtualMachine">vm-60</x>`. Ids are opaque. */
export interface MoRef<T extends string = string> {
  readonly type: T;
  readonly value: string;
}

export interface MoRefSchema<T extends string = string> extends Typed<MoRef<T>> {
  readonly kind: 'moRef';
}

/** `xsd:anyType`: the value's own `xsi:type` says what it is. */
export interface AnyTypeSchema extends Typed<unknown> {
  readonly kind: 'any';
}

/** Repeated elements within an object, `ArrayOfX` where an any-typed value holds it. */
export interface ArraySchema<S extends Schema = Schema> extends Typed<readonly unknown[]> {
  readonly kind: 'array';
  readonly item: S;
}

export interface OptionalSchema<S extends Schema = Schema> extends Typed<unknown> {
  readonly kind: 'optional';
  readonly inner: S;
}

export type Fields = Readonly<Record<string, Schema>>;

/** A data object. Its fields stand in the order of the WSDL's sequence, those of its base first. */
export interface StructSchema<N extends string = string, F extends Fields = Fields> extends Typed<unknown> {
  readonly kind: 'struct';
  readonly name: N;
  readonly fields: F;
  readonly base: StructSchema | null;
  /** True where the WSDL allows of subtypes: then the encoder names the type, although nobody has any other. */
  readonly typed: boolean;
}

/**
 * A polymorphic position: an object of `base` or of a type that descends from it. `$type` tells which. What is not
 * among the members is read as their base, and `$unknownType` keeps its name.
 */
export interface UnionSchema<
  M extends readonly StructSchema[] = readonly StructSchema[],
> extends Typed<unknown> {
  readonly kind: 'union';
  readonly base: StructSchema;
  readonly members: M;
}

/**
 * A polymorphic position whose types share one set of fields, all of them optional: faults. Any type fits, and
 * `$type` is its name on the wire.
 */
export interface OpenSchema<S extends StructSchema = StructSchema> extends Typed<unknown> {
  readonly kind: 'open';
  readonly struct: S;
}

/** A type that holds itself. TypeScript cannot infer such a thing; `T` says what it is. */
export interface LazySchema<T = unknown> extends Typed<T> {
  readonly kind: 'lazy';
  get(): Schema;
}

export type Schema =
  | ScalarSchema<never>
  | ScalarSchema
  | MoRefSchema
  | AnyTypeSchema
  | ArraySchema<Schema>
  | OptionalSchema<Schema>
  | StructSchema
  | UnionSchema
  | OpenSchema
  | LazySchema;

type Simplify<T> = { [K in keyof T]: T[K] } & {};

type StructValue<F> = Simplify<
  {
    readonly [K in keyof F as F[K] extends { kind: 'optional' } ? never : K]: Infer<F[K]>;
  } & {
    readonly [K in keyof F as F[K] extends { kind: 'optional' } ? K : never]?: Infer<F[K]> | undefined;
  }
>;

type MemberValue<S> = S extends { kind: 'struct'; name: infer N; fields: infer F }
  ? Simplify<{ readonly $type: N; readonly $unknownType?: string } & StructValue<F>>
  : never;

type OpenValue<T> = Simplify<{ readonly $type: string } & T>;

/** The type of a schema's values. */
export type Infer<S> = S extends { kind: 'optional'; inner: infer I }
  ? Infer<I>
  : S extends { kind: 'array'; item: infer I }
    ? readonly Infer<I>[]
    : S extends { kind: 'struct'; fields: infer F }
      ? StructValue<F>
      : S extends { kind: 'union'; members: infer M extends readonly unknown[] }
        ? MemberValue<M[number]>
        : S extends { kind: 'open'; struct: infer I }
          ? OpenValue<Infer<I>>
          : S extends { readonly value?: infer T }
            ? T
            : never;

/** The value of a struct at a polymorphic position: its fields and `$type`. */
export type InferMember<S> = MemberValue<S>;

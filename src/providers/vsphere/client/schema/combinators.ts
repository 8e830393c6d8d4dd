import type {
  AnyTypeSchema,
  ArraySchema,
  Fields,
  LazySchema,
  MoRefSchema,
  OpenSchema,
  OptionalSchema,
  ScalarSchema,
  Schema,
  StructSchema,
  UnionSchema,
} from './schema';

const scalar = <T>(
  name: string,
  parse: (text: string) => T | null,
  print: (value: T) => string = String,
): ScalarSchema<T> => ({ kind: 'scalar', name, interned: false, parse, print });

function parseNumber(text: string): number | null {
  const value = Number(text);
  return text.trim() === '' || Number.isNaN(value) ? null : value;
}

function parseBoolean(text: string): boolean | null {
  if (text === 'true' || text === '1') return true;
  return text === 'false' || text === '0' ? false : null;
}

function parseDate(text: string): Date | null {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? null : date;
}

export const string = scalar('string', (text) => text);
/** A text of which there are few different ones: a path, the name of a type. */
export const word: ScalarSchema<string> = { ...string, interned: true };
export const boolean = scalar('boolean', parseBoolean);
export const byte = scalar('byte', parseNumber);
export const short = scalar('short', parseNumber);
export const int = scalar('int', parseNumber);
/** Beyond 2^53 rounded: what we read are sizes and limits. */
export const long = scalar('long', parseNumber);
export const double = scalar('double', parseNumber);
export const float = scalar('float', parseNumber);
export const dateTime = scalar('dateTime', parseDate, (date) => date.toISOString());
export const base64 = scalar(
  'base64Binary',
  (text) => Buffer.from(text, 'base64'),
  (bytes) => bytes.toString('base64'),
);

/** One of these words, or one that a later version of the API has added. */
export const enumeration = <const W extends readonly string[]>(
  name: string,
  ..._words: W
): ScalarSchema<W[number] | (string & {})> => ({
  kind: 'scalar',
  name,
  interned: true,
  parse: (text) => text,
  print: (value) => value,
});

export const moRef = <T extends string = string>(..._types: T[]): MoRefSchema<T> => ({ kind: 'moRef' });
export const anyType: AnyTypeSchema = { kind: 'any' };
/** Absent on the wire means that it is empty. */
export const arrayOf = <S extends Schema>(item: S): ArraySchema<S> => ({ kind: 'array', item });
export const optional = <S extends Schema>(inner: S): OptionalSchema<S> => ({ kind: 'optional', inner });

/** @param fields in the order of the WSDL's sequence, without those of the base */
export function struct<N extends string, F extends Fields, B extends Fields = Record<never, never>>(
  name: N,
  fields: F,
  options: { readonly extends?: StructSchema<string, B>; readonly typed?: boolean } = {},
): StructSchema<N, B & F> {
  const base = options.extends;
  return {
    kind: 'struct',
    name,
    fields: { ...base?.fields, ...fields } as B & F,
    base: base ?? null,
    typed: options.typed ?? false,
  };
}

export const union = <const M extends readonly StructSchema[]>(
  base: StructSchema,
  members: M,
): UnionSchema<M> => ({
  kind: 'union',
  base,
  members,
});

export const open = <S extends StructSchema>(of: S): OpenSchema<S> => ({ kind: 'open', struct: of });

export const lazy = <T>(get: () => Schema): LazySchema<T> => ({ kind: 'lazy', get });

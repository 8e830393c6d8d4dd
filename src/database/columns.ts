import type { EntitySchemaColumnOptions } from 'typeorm';

type Options = Partial<EntitySchemaColumnOptions>;

/** Length of a global id: the longest prefix, an underscore and 32 hex digits. */
const ID_LENGTH = 36;

/** A global id, see `newId`. */
export function idColumn(name: string, options: Options = {}): EntitySchemaColumnOptions {
  return { name, type: 'varchar', length: ID_LENGTH, ...options };
}

/** Text of at most `length` characters. */
export function textColumn(name: string, length: number, options: Options = {}): EntitySchemaColumnOptions {
  return { name, type: 'varchar', length, ...options };
}

/** Text of at most 65,535 bytes, which is what `text` holds on MySQL. */
export function longTextColumn(name: string, options: Options = {}): EntitySchemaColumnOptions {
  return { name, type: 'text', ...options };
}

/** A JSON value stored as text, because the two databases disagree about everything finer. */
export function jsonColumn(name: string, options: Options = {}): EntitySchemaColumnOptions {
  return {
    name,
    type: 'text',
    transformer: {
      to: (value: unknown) => (value === null || value === undefined ? null : JSON.stringify(value)),
      from: (text: string | null) => (text === null ? null : (JSON.parse(text) as unknown)),
    },
    ...options,
  };
}

export function intColumn(name: string, options: Options = {}): EntitySchemaColumnOptions {
  return { name, type: 'int', ...options };
}

/** A count or a moment beyond 32 bits; mysql2 hands such columns over as strings. */
export function bigintColumn(name: string, options: Options = {}): EntitySchemaColumnOptions {
  return {
    name,
    type: 'bigint',
    transformer: {
      to: (value: unknown) => value,
      from: (value: string | number | null) => (value === null ? null : Number(value)),
    },
    ...options,
  };
}

/** A moment in whole milliseconds since the epoch, UTC. Neither database's own type keeps milliseconds alike. */
export function momentColumn(name: string, options: Options = {}): EntitySchemaColumnOptions {
  return bigintColumn(name, options);
}

import { z } from 'zod';

/** The part of a JSON schema that tells how an option is written on a command line. */
export interface OptionShape {
  readonly type?: string;
  readonly default?: unknown;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, OptionShape>>;
  readonly additionalProperties?: OptionShape | boolean;
  readonly items?: OptionShape;
  readonly anyOf?: readonly OptionShape[];
}

/** `taskMs` as it is written here: `task-ms`. */
export function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

export function camel(name: string): string {
  return name.replace(/-([a-z0-9])/g, (_all, letter: string) => letter.toUpperCase());
}

/** The keys of a schema's objects with what can be written for them. */
export function shapesOf(objects: z.ZodType): Readonly<Record<string, OptionShape>> {
  const schema = z.toJSONSchema(objects, { io: 'input', unrepresentable: 'any' }) as OptionShape;
  return schema.properties ?? {};
}

/** A value that may also be null is written as if it could not. */
function plain(shape: OptionShape): OptionShape {
  const one = shape.anyOf?.find(({ type }) => type !== 'null');
  return one === undefined ? shape : plain(one);
}

/** True for what is said by its name alone. */
export function isFlag(shape: OptionShape): boolean {
  return plain(shape).type === 'boolean';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** Turns text into what the schema wants to see; what it cannot be is left for the schema to refuse. */
export function valueOf(shape: OptionShape, text: string): unknown {
  const { type, items, properties, additionalProperties } = plain(shape);
  if (type === 'integer' || type === 'number') return text.trim() === '' ? NaN : Number(text);
  if (type === 'boolean') return text === 'true' || (text === 'false' ? false : text);
  if (type !== 'array' && type !== 'object') return text;
  if (/^\s*[[{]/.test(text)) return parseJson(text);
  if (type === 'array') return text.split(',').map((item) => valueOf(items ?? {}, item));
  const others = typeof additionalProperties === 'object' ? additionalProperties : {};
  const pairs = text.split(',').map((pair) => {
    const [name = '', ...value] = pair.split('=');
    const key = camel(name.trim());
    return [key, valueOf(properties?.[key] ?? others, value.join('='))] as const;
  });
  return Object.fromEntries(pairs);
}

function wordFor(shape: OptionShape): string {
  const { type, items } = plain(shape);
  if (type === 'integer' || type === 'number') return ' N';
  if (type === 'boolean') return '';
  if (type === 'array') return plain(items ?? {}).type === 'object' ? ' JSON' : `${wordFor(items ?? {})},…`;
  return type === 'object' ? ' NAME=VALUE,…' : ' TEXT';
}

/** Defaults and the names within, for the help. */
function explain(shape: OptionShape): string {
  const names = Object.keys(plain(shape).properties ?? {}).map(kebab);
  const preset = typeof shape.default === 'object' ? undefined : shape.default; // null, too, is no default to show
  const parts = [shape.description, names.length > 0 ? names.join(', ') : undefined];
  if (preset !== undefined) parts.push(`default ${JSON.stringify(preset)}`);
  return parts.filter((part) => part !== undefined).join('; ');
}

/** One line of the help. */
export function describeOption(key: string, shape: OptionShape): string {
  return `--${kebab(key)}${wordFor(shape)}`.padEnd(30).concat(explain(shape)).trimEnd();
}

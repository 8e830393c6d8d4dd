import { z } from 'zod';
import { type ConfigPath, printPath } from './config-error';

/** Steps through the wrappers that only add a default or a rule. */
function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  const def = schema._zod.def as { innerType?: z.core.$ZodType; in?: z.core.$ZodType };
  const inner = def.innerType ?? def.in;
  return inner === undefined ? schema : unwrap(inner);
}

function childOf(schema: z.core.$ZodType, key: PropertyKey): z.core.$ZodType[] {
  const plain = unwrap(schema);
  if (plain instanceof z.core.$ZodObject) {
    const child = (plain._zod.def.shape as Record<PropertyKey, z.core.$ZodType | undefined>)[key];
    return child === undefined ? [] : [child];
  }
  if (plain instanceof z.core.$ZodArray) return [plain._zod.def.element];
  if (plain instanceof z.core.$ZodUnion) return plain._zod.def.options.flatMap((one) => childOf(one, key));
  return [];
}

function keysOf(schema: z.core.$ZodType): string[] {
  const plain = unwrap(schema);
  if (plain instanceof z.core.$ZodObject) return Object.keys(plain._zod.def.shape);
  if (plain instanceof z.core.$ZodUnion) return plain._zod.def.options.flatMap(keysOf);
  return [];
}

/** At the top of the file; for fault tests only, so not offered to anybody. */
const HIDDEN_KEYS: ReadonlySet<string> = new Set(['faults']);

function allowedKeys(schema: z.core.$ZodType, path: ConfigPath): string[] {
  let reached = [schema];
  for (const key of path) reached = reached.flatMap((one) => childOf(one, key));
  return [...new Set(reached.flatMap(keysOf))];
}

/** zod says first that something is wrong, which every line says already; what is allowed comes after. */
function allowedFrom(message: string): string {
  return message
    .replace(/^(Invalid (input|option|string|discriminator value)|Too (big|small))[:.] /, '')
    .replace(', received undefined', '; it is missing');
}

/**
 * One line for each thing that a schema refused: `path: what is allowed`. zod's own messages name types and
 * limits and never the value.
 * @param prefix where the checked value stands in the file
 * @param extraKeys allowed beside the schema's own keys at the value's top level
 */
export function describeProblems(
  error: z.core.$ZodError,
  schema: z.core.$ZodType,
  prefix: ConfigPath = [],
  extraKeys: readonly string[] = [],
): string[] {
  return error.issues.flatMap((issue) => {
    const path = [...prefix, ...issue.path];
    if (issue.code !== 'unrecognized_keys') return [`${printPath(path)}: ${allowedFrom(issue.message)}`];
    const allowed = [...(issue.path.length === 0 ? extraKeys : []), ...allowedKeys(schema, issue.path)];
    const known = path.length === 0 ? allowed.filter((key) => !HIDDEN_KEYS.has(key)) : allowed;
    return issue.keys.map((key) => `${printPath([...path, key])}: unknown key; allowed: ${known.join(', ')}`);
  });
}

import { parseArgs } from 'node:util';
import type { z } from 'zod';

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** The options of a schema, a line each. */
export function describeOptions(schema: z.ZodObject): string[] {
  return Object.entries(schema.shape).map(([key, { description }]) =>
    `  --${kebab(key)}`
      .padEnd(18)
      .concat(description ?? '')
      .trimEnd(),
  );
}

/** `--db-kill 15` is `dbKill: 15`. @throws with one line for each problem */
export function readOptions<Schema extends z.ZodObject>(
  schema: Schema,
  args: readonly string[],
): z.output<Schema> {
  const keys = Object.keys(schema.shape);
  const options = Object.fromEntries(keys.map((key) => [kebab(key), { type: 'string' as const }]));
  const { values } = parseArgs({ args: [...args], options });
  const given = keys.flatMap((key) => (values[kebab(key)] === undefined ? [] : [[key, values[kebab(key)]]]));
  const parsed = schema.safeParse(Object.fromEntries(given));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `--${kebab(path.join('.'))}: ${message}`);
  throw new Error(problems.join('\n'));
}

import type { z } from 'zod';

/**
 * Reads a value by a schema. Fields that the schema does not name are left out, unless it is strict.
 * @param refuse words the refusal; its message names the field, for example `name: expected string`
 */
export function readAs<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  refuse: (message: string) => Error,
): z.output<Schema> {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw refuse(`Invalid input for field/attribute ${issue?.path.join('.') ?? ''}. ${issue?.message ?? ''}`);
}

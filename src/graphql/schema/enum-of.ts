/** Turns a list of words into the object that type-graphql wants for an enum. */
export function enumOf<T extends string>(values: readonly T[]): { [Key in T]: Key } {
  return Object.fromEntries(values.map((value) => [value, value])) as { [Key in T]: Key };
}

/**
 * graphql-js repeats the refused value in its messages, and the value may be a password. What is left names
 * the type and the place.
 */
export function withoutValues(message: string): string {
  return message
    .replace(/^(Variable "\$\w+") got invalid value [^]*$/, '$1 has a value of the wrong type.')
    .replace(/^(Expected value of type "[^"]+"), found [^]*$/, '$1.')
    .replace(/^(Enum "\w+" cannot represent non-enum value|\w+ cannot represent [^":]*)[":][^]*$/, '$1.')
    .replace(/^Value "[^]*?" does not exist in "(\w+)" enum\./, 'The value does not exist in "$1" enum.')
    .replace(/^(Syntax Error: [^]*?(?:found|Unexpected) (?:String|BlockString|Int|Float)) [^]*$/, '$1.');
}

/** Names that the schema has must not be offered to those who may not read the schema. */
export function withoutSuggestions(message: string): string {
  return message.replace(/ ?Did you mean [^]*$/, '');
}

/**
 * The cause of a coercion error, as far as it names only the schema: graphql-js gives it next to the path
 * inside the variable, so unlike with whole messages nothing has to be cut out.
 */
export function coercionCause(message: string): string {
  const known =
    /^(Field "\w+" (of required type "[^"]+" was not provided|is not defined by type "\w+")|Expected non-nullable type "[^"]+" not to be null|Expected type "\w+" to be an object|Exactly one key must be specified for OneOf type "\w+")/.exec(
      message,
    );
  if (known) return `${known[0]}.`;
  const typeName =
    /does not exist in "(\w+)" enum|Enum "(\w+)"|^Expected type "(\w+)"|^(\w+) cannot represent/.exec(
      message,
    );
  const type = typeName?.slice(1).find((name) => name !== undefined);
  return type === undefined ? 'This value has the wrong type.' : `Expected a value of the type "${type}".`;
}

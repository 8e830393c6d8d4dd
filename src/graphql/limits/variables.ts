import {
  coerceInputValue,
  type GraphQLSchema,
  isInputType,
  isNonNullType,
  type OperationDefinitionNode,
  print,
  typeFromAST,
  type VariableDefinitionNode,
} from 'graphql';
import { AppError } from '../../kernel';
import { fieldPath } from '../errors/field-path';
import { coercionCause } from '../errors/message-scrub';

function refusal(variable: string, path: readonly (string | number)[], cause: string): AppError {
  const field = fieldPath([variable, ...path]);
  return new AppError('INVALID_ARGUMENT', `Variable "$${field}": ${cause}`, { details: { field } });
}

function checkVariable(
  schema: GraphQLSchema,
  definition: VariableDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): void {
  const name = definition.variable.name.value;
  const type = typeFromAST(schema, definition.type);
  if (!isInputType(type)) return;
  const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
  if (value === undefined) {
    if (!isNonNullType(type) || definition.defaultValue) return;
    throw refusal(name, [], `A value of the type "${print(definition.type)}" is required.`);
  }
  coerceInputValue(value, type, (path, _value, error) => {
    // One that is missing, or that there is none of, is told at its parent's path.
    const member = /^Field "(\w+)" /.exec(error.message)?.[1];
    throw refusal(name, member === undefined ? path : [...path, member], coercionCause(error.message));
  });
}

/**
 * Checks variables before graphql-js does, because its messages repeat the refused value.
 * @throws INVALID_ARGUMENT naming the path of the value, and not the value
 */
export function checkVariables(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): void {
  for (const definition of operation.variableDefinitions ?? []) checkVariable(schema, definition, variables);
}

import {
  type ASTNode,
  BREAK,
  type DocumentNode,
  type GraphQLError,
  Kind,
  parse,
  type Source,
  visit,
} from 'graphql';
import { fieldPath } from './field-path';

const MISSING_MEMBER = /^Field "\w+\.(\w+)" of required type /;
const MISSING_ARGUMENT = /^Field "\w+" argument "(\w+)" of type /;

/** What of a document names a part of an argument's value. */
function nameIn(node: ASTNode, key: string | number | undefined, parent: unknown): string | number | null {
  if (node.kind === Kind.ARGUMENT || node.kind === Kind.OBJECT_FIELD) return node.name.value;
  return Array.isArray(parent) && typeof key === 'number' && isValue(node) ? key : null;
}

function isValue({ kind }: ASTNode): boolean {
  return kind.endsWith('Value') || kind === Kind.VARIABLE;
}

/** One document may have a hundred such errors. */
const parsed = new WeakMap<Source, DocumentNode>();

function documentOf(source: Source): DocumentNode {
  const known = parsed.get(source) ?? parse(source);
  parsed.set(source, known);
  return known;
}

/**
 * The names on the way to where the refused value stands, from its argument inwards; null when it is no argument's, as
 * the default of a variable.
 */
function pathTo(target: ASTNode, source: Source): (string | number)[] | null {
  let found: (string | number)[] | null = null;
  let isInArgument = false;
  const path: (string | number)[] = [];
  visit(documentOf(source), {
    enter(node, key, parent) {
      if (node.kind === Kind.ARGUMENT) isInArgument = true;
      const name = nameIn(node, key, parent);
      if (name !== null) path.push(name);
      if (node.kind !== target.kind || node.loc?.start !== target.loc?.start) return undefined;
      if (isInArgument) found = [...path];
      return BREAK;
    },
    leave(node, key, parent) {
      if (nameIn(node, key, parent) !== null) path.pop();
      if (node.kind === Kind.ARGUMENT) isInArgument = false;
    },
  });
  return found;
}

/**
 * Where in an argument a value stands that validation refused, as `input.expiresAt` or `filter.status[0]`: variables
 * are told by their path, and what is written out in the document is by this. Null for what is no value.
 */
export function literalField({ nodes, source, message }: GraphQLError): string | null {
  const argument = MISSING_ARGUMENT.exec(message)?.[1];
  if (argument !== undefined) return argument;
  const [node] = nodes ?? [];
  if (!node || !source || !(isValue(node) || node.kind === Kind.OBJECT_FIELD)) return null;
  const path = pathTo(node, source);
  if (path === null) return null;
  const member = MISSING_MEMBER.exec(message)?.[1];
  return fieldPath([...path, ...(member === undefined ? [] : [member])]);
}

import { type DocumentNode, Kind, parse } from 'graphql';
import { checkDocument } from './document-limits';
import { tokenMissing } from '../request-context';
import type { EdgeLimits } from '../settings';

/** Validation is quadratic in what a document repeats: its limits are checked ahead of it. */
export function checkDocumentLimits(document: DocumentNode, limits: EdgeLimits): void {
  for (const definition of document.definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION) checkDocument(document, definition, limits);
  }
}

function asksForData(document: DocumentNode): boolean {
  return document.definitions.some(
    (definition) =>
      definition.kind === Kind.OPERATION_DEFINITION &&
      definition.selectionSet.selections.some(
        (one) => one.kind !== Kind.FIELD || !one.name.value.startsWith('__'),
      ),
  );
}

/**
 * Refuses, before anything expensive is done, what cannot be answered anyway. What is no document is left to the
 * server, which tells what is wrong with it.
 * @throws INVALID_ARGUMENT for an exceeded limit, UNAUTHENTICATED when a caller without a token asks for data
 */
export function guardEarly(query: unknown, isAnonymous: boolean, limits: EdgeLimits): void {
  if (typeof query !== 'string') return;
  let document: DocumentNode;
  try {
    document = parse(query, { maxTokens: limits.maxTokens });
  } catch {
    return;
  }
  if (isAnonymous && asksForData(document)) {
    throw tokenMissing();
  }
  checkDocumentLimits(document, limits);
}

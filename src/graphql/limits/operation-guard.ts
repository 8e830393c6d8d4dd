import { OperationTypeNode } from 'graphql';
import { AppError } from '../../kernel';
import { checkDocument, type DocumentLimits } from './document-limits';
import { checkCost, type CostedOperation } from './operation-cost';
import { checkVariables } from './variables';

export interface OperationLimits extends DocumentLimits {
  readonly maxCost: number;
}

const REFUSALS: Readonly<Record<'http' | 'socket', string>> = {
  http: 'Subscriptions run over the WebSocket at /graphql (graphql-transport-ws).',
  socket: 'Only subscriptions run over the WebSocket; send queries and mutations by POST to /graphql.',
};

function belongsTo(transport: 'http' | 'socket', type: OperationTypeNode): boolean {
  return (type === OperationTypeNode.SUBSCRIPTION) === (transport === 'socket');
}

/**
 * The one gate that an operation passes on either transport, after parsing and validation and before any
 * resolver runs.
 * @throws INVALID_ARGUMENT for the wrong transport, an exceeded limit (`details: {limit, max, actual}`) or a bad
 * variable (`details: {field}`)
 */
export function guardOperation(
  costed: CostedOperation,
  limits: OperationLimits,
  transport: 'http' | 'socket',
): void {
  if (!belongsTo(transport, costed.operation.operation)) {
    throw new AppError('INVALID_ARGUMENT', REFUSALS[transport]);
  }
  checkDocument(costed.document, costed.operation, limits);
  checkVariables(costed.schema, costed.operation, costed.variables);
  checkCost(costed, limits.maxCost);
}

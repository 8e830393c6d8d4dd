import type { IncomingMessage, ServerResponse } from 'node:http';
import type { NetworkFault } from './network-faults';

/** Whether the fault keeps a call from being executed at all; its answer, where it has one, is given here. */
export function prevented(fault: NetworkFault, request: IncomingMessage, response: ServerResponse): boolean {
  if (fault === 'refuse') request.socket.resetAndDestroy();
  if (fault === 'unavailable') response.writeHead(503).end('503 Service Unavailable');
  return fault === 'refuse' || fault === 'unavailable' || fault === 'hang';
}

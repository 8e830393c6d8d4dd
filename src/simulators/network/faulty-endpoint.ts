import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Line } from './line';
import type { NetworkFaults } from './network-faults';
import { prevented } from './prevented';
import { sendReply } from './reply';
import type { Reply } from './reply';
import { readBody } from './request-body';

/** A request that was read to its end. */
export interface ReceivedRequest {
  readonly method: string;
  /** As sent, without scheme and host. */
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface FaultyEndpointOptions {
  readonly faults: NetworkFaults;
  readonly line: Line;
  /** Whether the request says who sends it; whoever does not may send little. */
  isStranger(request: IncomingMessage): boolean;
  /** What orders and probabilities of faults call the request, for example `RunInstances`. */
  nameOf(request: ReceivedRequest): string;
  /** What the fault `notAuthenticated` does before the request is answered. */
  forgetCaller(request: ReceivedRequest): void;
  /** Must not throw for anything that a client sends. */
  answer(request: ReceivedRequest, signal: AbortSignal): Promise<Reply>;
}

/** From the bytes of a request to those of its reply, over a line that has its faults. */
export class FaultyEndpoint {
  constructor(private readonly options: FaultyEndpointOptions) {}

  /** @param signal aborted when the client hangs up or the server closes */
  async serve(request: IncomingMessage, response: ServerResponse, signal: AbortSignal): Promise<void> {
    const { options } = this;
    const body = await readBody(request, options.isStranger(request));
    if (body === null) {
      response.writeHead(413, { Connection: 'close' }).end();
      return;
    }
    const received = { method: request.method ?? '', url: request.url ?? '', headers: request.headers, body };
    const fault = options.faults.pick(options.nameOf(received));
    await options.line.delay(signal);
    if (fault === 'notAuthenticated') options.forgetCaller(received);
    if (fault && prevented(fault, request, response)) return;
    const reply = await options.answer(received, signal);
    if (signal.aborted) return;
    await sendReply(request, response, reply, { line: options.line, fault, signal });
  }
}

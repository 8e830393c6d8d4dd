import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Line } from '../../network/line';
import type { NetworkFaults } from '../../network/network-faults';
import { prevented } from '../../network/prevented';
import type { RequestElement } from '../vim/element';
import { VimFault } from '../vim/fault';
import { hiddenFrom } from '../vim/newer-fields';
import { readRequest } from '../vim/read-request';
import { readCookie, writeCookie } from './cookie';
import type { Dispatcher } from './dispatcher';
import { writeFault, writeReply } from './envelope';
import { Overloaded } from './overloaded';
import { sendReply } from '../../network/reply';
import type { Reply } from '../../network/reply';
import { readBody } from '../../network/request-body';
import type { Sessions } from './sessions';

export interface SoapEndpointParts {
  readonly dispatcher: Dispatcher;
  readonly sessions: Sessions;
  readonly faults: NetworkFaults;
  readonly line: Line;
  /** Whether cookies are for TLS only. */
  readonly secure: boolean;
  /** Told of what is a mistake of the simulator itself. */
  onError(error: unknown): void;
}

/** `POST /sdk`: from the bytes of a request to the bytes of its reply. */
export class SoapEndpoint {
  constructor(private readonly parts: SoapEndpointParts) {}

  /** @param signal aborted when the client hangs up or the server closes */
  async serve(request: IncomingMessage, response: ServerResponse, signal: AbortSignal): Promise<void> {
    const isStranger = !this.parts.sessions.find(readCookie(request.headers.cookie));
    const body = await readBody(request, isStranger);
    if (body === null) {
      response.writeHead(413, { Connection: 'close' }).end();
      return;
    }
    const { line, faults } = this.parts;
    const call = this.parse(body);
    const fault = faults.pick(call instanceof VimFault ? '' : call.name);
    await line.delay(signal);
    if (fault === 'notAuthenticated') this.forgetSession(request);
    if (fault && prevented(fault, request, response)) return;
    const reply = await this.answer(call, request, signal);
    if (signal.aborted) return;
    await sendReply(request, response, reply, { line, fault, signal });
  }

  private parse(body: string): RequestElement | VimFault {
    try {
      return readRequest(body);
    } catch (error) {
      if (error instanceof VimFault) return error;
      throw error;
    }
  }

  private forgetSession(request: IncomingMessage): void {
    const session = this.parts.sessions.find(readCookie(request.headers.cookie));
    if (session) this.parts.sessions.end(session);
  }

  private async answer(
    call: RequestElement | VimFault,
    request: IncomingMessage,
    signal: AbortSignal,
  ): Promise<Reply> {
    if (call instanceof VimFault) return soapReply(500, writeFault(call));
    let cookie: string | null = null;
    try {
      const result = await this.parts.dispatcher.run(call, {
        session: this.parts.sessions.find(readCookie(request.headers.cookie)),
        client: {
          address: request.socket.remoteAddress ?? '',
          userAgent: request.headers['user-agent'] ?? '',
        },
        signal,
        setCookie: (token) => {
          cookie = writeCookie(token, this.parts.secure);
        },
      });
      const hidden = hiddenFrom(request.headers['soapaction'] as string | undefined);
      return soapReply(200, writeReply(call.name, result, hidden), cookie);
    } catch (error) {
      return this.refusal(error);
    }
  }

  private refusal(error: unknown): Reply {
    if (error instanceof VimFault) return soapReply(500, writeFault(error));
    if (error instanceof Overloaded) return soapReply(503, error.message);
    this.parts.onError(error);
    const fault = new VimFault(
      'SystemError',
      { reason: 'Internal error' },
      'A general system error occurred.',
    );
    return soapReply(500, writeFault(fault));
  }
}

function soapReply(status: number, text: string, cookie: string | null = null): Reply {
  const headers = { 'Content-Type': 'text/xml; charset=utf-8', 'Cache-Control': 'no-cache' };
  return { status, text, headers: cookie === null ? headers : { ...headers, 'Set-Cookie': cookie } };
}

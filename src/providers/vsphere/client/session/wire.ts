import type { IncomingMessage } from 'node:http';
import { VimFault } from '../errors';
import { METHODS } from '../schema/methods';
import type { MethodName, Params, Result } from '../schema/methods';
import type { MoRef } from '../schema/schema';
import { AnswerReader } from '../soap/answer';
import { encodeCall } from '../soap/encoder';
import type { Deadline } from '../transport/deadline';
import type { BodySink, ExchangeOptions } from '../transport/exchange';
import { exchange, StaleConnectionError } from '../transport/exchange';
import type { Pool } from '../transport/pool';

const COOKIE = 'vmware_soap_session';
/** The longest silence within an answer. */
const STALL_MS = 30_000;

/** What goes along with a call besides its parameters. */
export interface WireCall {
  readonly pool: Pool;
  readonly cookie: string | null;
  /** The SOAPAction: `urn:vim25/8.0.1.0`. */
  readonly action: string;
  readonly deadline: Deadline;
  readonly signal: AbortSignal | undefined;
  /** Told where the server sets the session's cookie. */
  readonly onCookie?: ((cookie: string) => void) | undefined;
}

/** Puts calls on the wire and takes their answers off it; knows nothing of sessions. */
export class Wire {
  constructor(
    private readonly path: string,
    private readonly userAgent: string,
    private readonly closing: AbortSignal,
  ) {}

  /** @throws VimFault, TransportError, EncodingError, or the signal's reason */
  call<M extends MethodName>(method: M, self: MoRef, params: Params<M>, call: WireCall): Promise<Result<M>> {
    return this.post(method, self, params, call) as Promise<Result<M>>;
  }

  private async post(method: MethodName, self: MoRef, params: object, call: WireCall): Promise<unknown> {
    const body = encodeCall(method, self, params);
    const sinkFor = (answer: IncomingMessage): AnswerReader | null => {
      const cookie = sessionCookie(answer);
      if (cookie !== null) call.onCookie?.(cookie);
      return isSoap(answer) ? new AnswerReader(method) : null;
    };
    const headers = {
      'content-type': 'text/xml; charset=utf-8',
      'content-length': Buffer.byteLength(body),
      soapaction: call.action,
      ...(call.cookie === null ? {} : { cookie: `${COOKIE}=${call.cookie}` }),
    };
    const answer = await this.repeatStale(METHODS[method].repeatable, call, {
      request: { method: 'POST', path: this.path, headers: this.headers(headers) },
      body,
      sinkFor,
    });
    if (answer.fault !== null) throw new VimFault(method, answer.fault);
    return answer.result;
  }

  /** Reads a document beside the API. @throws TransportError HTTP_STATUS where there is none, and as `call` does */
  async get<R>(path: string, call: WireCall, sink: () => BodySink<R>): Promise<R> {
    return this.repeatStale(true, call, {
      request: { method: 'GET', path: `${this.path}/${path}`, headers: this.headers({}) },
      body: '',
      sinkFor: (answer) => (answer.statusCode === 200 ? sink() : null),
    });
  }

  private headers(more: Record<string, string | number>): Record<string, string | number> {
    return { 'user-agent': this.userAgent, 'accept-encoding': 'gzip', ...more };
  }

  /** A kept connection may have been closed just before it was used; for a read it is worth another one. */
  private async repeatStale<R>(
    repeatable: boolean,
    call: WireCall,
    options: Pick<ExchangeOptions<R>, 'request' | 'body' | 'sinkFor'>,
  ): Promise<R> {
    const signal = call.signal === undefined ? this.closing : AbortSignal.any([call.signal, this.closing]);
    const { deadline } = call;
    const attempt = (): Promise<R> =>
      exchange(call.pool, { ...options, deadline, signal, stallMs: STALL_MS });
    try {
      return await attempt();
    } catch (error) {
      if (!repeatable || !(error instanceof StaleConnectionError)) throw error;
      return await attempt();
    }
  }
}

/** A fault comes with 500, and so do the error pages of proxies. */
function isSoap(answer: IncomingMessage): boolean {
  if (answer.statusCode === 200) return true;
  return answer.statusCode === 500 && (answer.headers['content-type'] ?? '').includes('xml');
}

function sessionCookie(answer: IncomingMessage): string | null {
  for (const line of answer.headers['set-cookie'] ?? []) {
    const [pair = ''] = line.split(';', 1);
    const [name, ...value] = pair.split('=');
    if (name?.trim() === COOKIE) return value.join('=').trim();
  }
  return null;
}

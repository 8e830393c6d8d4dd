import type { z } from 'zod';
import { serviceError } from './error-body';
import { OpenStackError, TransportError } from './errors';
import type { ServiceType } from './errors';
import { exchange } from './http/exchange';
import type { HttpAnswer, HttpRequest } from './http/exchange';
import type { HttpTransport } from './http/transport';
import { parseJson } from './json';
import type { Call, RequestLane } from './options';
import type { Session, Token } from './session/session';

export interface ServiceOptions {
  readonly type: ServiceType;
  /** What the catalog's endpoint lacks: `/v2.0` of Neutron. */
  readonly basePath: (endpoint: URL) => string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly session: Session;
  readonly transport: HttpTransport;
  readonly requests: RequestLane;
}

export interface ServiceRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below the endpoint, with its query. */
  readonly path: string;
  readonly body?: object;
  /** What the body holds and no error may tell. */
  readonly secrets?: readonly string[];
}

/** Puts requests to one service of the cloud, with a token that is renewed when the service refuses it. */
export class Service {
  constructor(private readonly options: ServiceOptions) {}

  /** @throws OpenStackError, TransportError, UnsuitableCloudError, or the reason of the signal */
  async read<S extends z.ZodType>(request: ServiceRequest, schema: S, call: Call): Promise<z.output<S>> {
    const answer = await this.send(request, call);
    const parsed = schema.safeParse(parseJson(answer.body));
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    const where = `${describe(request)}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`;
    throw new TransportError('BAD_ANSWER', `The answer is not what the API promises. ${where}`);
  }

  /** Null where the service says that there is no such object. */
  async find<S extends z.ZodType>(
    request: ServiceRequest,
    schema: S,
    call: Call,
  ): Promise<z.output<S> | null> {
    return await absent(this.read(request, schema, call), null);
  }

  /** For what answers nothing that is read. */
  async write(request: ServiceRequest, call: Call): Promise<void> {
    await this.send(request, call);
  }

  /** False where there was nothing to remove. */
  async remove(path: string, call: Call): Promise<boolean> {
    return await absent(
      this.send({ method: 'DELETE', path }, call).then(() => true),
      false,
    );
  }

  private async send(request: ServiceRequest, call: Call): Promise<HttpAnswer> {
    const { session } = this.options;
    const first = await session.get(call.signal);
    const answer = await this.sendWith(first, request, call);
    if (answer.status !== 401) {
      session.accepted();
      return this.accept(answer, request, first);
    }
    // The token was revoked, or the service has been told so. Nothing was done, so that mutations are repeated too.
    session.lost(first);
    const second = await session.get(call.signal);
    const repeated = await this.sendWith(second, request, call);
    if (repeated.status === 401) session.refused(second, this.failure(repeated, request, second));
    else session.accepted();
    return this.accept(repeated, request, second);
  }

  private sendWith(token: Token, request: ServiceRequest, { signal }: Call): Promise<HttpAnswer> {
    const { requests, transport } = this.options;
    const http = this.httpRequest(token, request);
    return requests.run(signal, async () => {
      const answer = await exchange(transport, http, signal);
      const failure =
        answer.status >= 400 && answer.status !== 401 ? this.failure(answer, request, token) : null;
      if (failure?.throttled === true) throw failure;
      return answer;
    });
  }

  private httpRequest(token: Token, { method, path, body }: ServiceRequest): HttpRequest {
    const { type, basePath, headers } = this.options;
    const endpoint = token.endpoints.find(type);
    const url = `${endpoint.origin}${basePath(endpoint)}${path}`;
    return {
      method,
      url,
      headers: { ...headers, 'x-auth-token': token.value },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    };
  }

  private accept(answer: HttpAnswer, request: ServiceRequest, token: Token): HttpAnswer {
    if (answer.status >= 200 && answer.status < 300) return answer;
    throw this.failure(answer, request, token);
  }

  private failure(answer: HttpAnswer, request: ServiceRequest, token: Token): OpenStackError {
    const { secrets = [] } = request;
    return serviceError(this.options.type, describe(request), answer, [token.value, ...secrets]);
  }
}

async function absent<T, N>(answer: Promise<T>, none: N): Promise<T | N> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof OpenStackError && error.absent) return none;
    throw error;
  }
}

/** Without identifiers and queries: those belong to tenants. */
function describe({ method, path }: ServiceRequest): string {
  const [front = ''] = path.split('?', 1);
  const words = front.split('/').map((word) => (/^[A-Za-z_-]*$/.test(word) ? word : '{id}'));
  return `${method} ${words.join('/')}`;
}

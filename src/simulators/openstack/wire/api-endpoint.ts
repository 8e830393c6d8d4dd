import { randomUUID } from 'node:crypto';
import type { ReceivedRequest } from '../../network/faulty-endpoint';
import type { Reply } from '../../network/reply';
import type { Tokens } from '../identity/tokens';
import type { ApiCall, ApiResult, OpenCall } from './api-call';
import { ApiError } from './api-error';
import { RouteTable } from './route';
import type { Service } from './service';
import type { Throttle } from './throttle';

export interface ApiEndpointParts {
  readonly services: readonly Service[];
  readonly tokens: Tokens;
  readonly throttle: Throttle | null;
  /** Told of what is a mistake of the simulator itself. */
  onError(error: unknown): void;
}

interface Hosted {
  readonly service: Service;
  readonly open: RouteTable<OpenCall>;
  readonly routes: RouteTable<ApiCall>;
}

/** From a request to its reply: which service, may it pass, whose token, which route. */
export class ApiEndpoint {
  private readonly hosted: readonly Hosted[];

  constructor(private readonly parts: ApiEndpointParts) {
    this.hosted = parts.services.map((service) => ({
      service,
      open: new RouteTable(service.openRoutes),
      routes: new RouteTable(service.routes),
    }));
  }

  answer(request: ReceivedRequest): Reply {
    const extra: Record<string, string> = { 'x-openstack-request-id': `req-${randomUUID()}` };
    const origin = originOf(request);
    // By what the client wrote, in the first line as well as in the header Host.
    if (!URL.canParse(request.url, origin)) return toReply({ status: 400, body: 'Bad Request' }, extra);
    const url = new URL(request.url, origin);
    const hosted = this.hosted.find(({ service }) => isBelow(url.pathname, service.root));
    if (!hosted) return toReply({ status: 404, body: 'Not Found' }, extra);
    try {
      return toReply(this.dispatch(hosted, request, url, extra), extra);
    } catch (error) {
      if (error instanceof ApiError) return toReply(error.result, extra);
      this.parts.onError(error);
      return toReply({ status: 500, body: { error: { code: 500, message: 'Unexpected error.' } } }, extra);
    }
  }

  /** @param extra headers of the reply, of which more may be added, also to those of a refusal */
  private dispatch(
    { service, open, routes }: Hosted,
    request: ReceivedRequest,
    url: URL,
    extra: Record<string, string>,
  ): ApiResult {
    const waitMs = this.parts.throttle?.take() ?? null;
    if (waitMs !== null) return service.overLimit(Math.max(1, Math.ceil(waitMs / 1_000)));
    const path = url.pathname.slice(service.root.length);
    const { method } = request;
    const unread = { method, query: url.searchParams, headers: request.headers, origin: url.origin };
    const opened = open.find(method, path);
    if (opened) {
      const body = bodyOf(request, service, path);
      return opened.route.handle({ ...unread, params: opened.params, body });
    }
    if (!isBelow(path, service.version)) return service.refuse(404, url.pathname);
    const caller = this.parts.tokens.find(headerOf(request, 'x-auth-token'));
    if (!caller) return unauthenticated(url.origin, service);
    const microversion = service.microversion?.read(request.headers) ?? 1;
    Object.assign(extra, service.microversion?.headers(microversion));
    const below = path.slice(service.version.length);
    const match = routes.find(method, below);
    if (!match) return service.refuse(routes.knows(below) ? 405 : 404, url.pathname);
    const body = bodyOf(request, service, path);
    return match.route.handle({ ...unread, params: match.params, body, caller, microversion });
  }
}

export function headerOf({ headers }: Pick<ReceivedRequest, 'headers'>, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

function originOf(request: ReceivedRequest): string {
  return `http://${headerOf(request, 'host') ?? '127.0.0.1'}`;
}

function isBelow(path: string, root: string): boolean {
  return path === root || path.startsWith(`${root}/`);
}

function bodyOf({ body }: ReceivedRequest, service: Service, path: string): unknown {
  if (body === '') return undefined;
  try {
    return JSON.parse(body) as unknown;
  } catch {
    throw new ApiError(service.refuse(400, path));
  }
}

/** In the words of keystonemiddleware, which stands before every service. */
function unauthenticated(origin: string, { unauthenticatedText }: Service): ApiResult {
  const message = 'The request you have made requires authentication.';
  return {
    status: 401,
    body: unauthenticatedText ?? { error: { message, code: 401, title: 'Unauthorized' } },
    headers: { 'WWW-Authenticate': `Keystone uri="${origin}/identity"` },
  };
}

function toReply({ status, body, headers }: ApiResult, extra: Readonly<Record<string, string>>): Reply {
  if (body === undefined) return { status, text: '', headers: { ...extra, ...headers } };
  const isText = typeof body === 'string';
  const type = isText ? 'text/plain; charset=UTF-8' : 'application/json';
  return {
    status,
    text: isText ? body : JSON.stringify(body),
    headers: { 'Content-Type': type, ...extra, ...headers },
  };
}

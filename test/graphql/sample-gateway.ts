import {
  type EdgeLimits,
  type HttpServer,
  type HttpServerOptions,
  type ServerSettings,
  startHttpServer,
  type Viewer,
} from '../../src/graphql';
import { AppError, TenantScope } from '../../src/kernel';
import { createLogger } from '../../src/gateway/logging';
import { TOKEN } from './raw-socket';
import type { GraphqlError } from './raw-socket';
import { buildSampleSchema, Feed, type SampleControls } from './sample-schema';

const SERVER: ServerSettings = {
  host: '127.0.0.1',
  port: 0,
  cors: { origins: ['https://console.example'] },
  ide: true,
  introspection: true,
  metrics: true,
  trustProxy: false,
  drainMs: 5000,
};

const LIMITS: EdgeLimits = {
  maxDepth: 12,
  maxAliases: 15,
  maxDirectives: 5,
  maxRepeatedFields: 10,
  maxTokens: 2000,
  maxSubscriptionCost: 2_000,
  maxCost: 50_000,
  maxBodyBytes: 256 * 1024,
  maxSocketPayloadBytes: 64 * 1024,
  maxOperationsPerSocket: 3,
  maxSocketsPerTenant: 10,
  maxPendingSockets: 10,
};

export interface GatewayOptions extends Partial<
  Pick<HttpServerOptions, 'authenticate' | 'readiness' | 'timings'>
> {
  readonly server?: Partial<ServerSettings>;
  readonly limits?: Partial<EdgeLimits>;
}

export interface GraphqlAnswer {
  status: number;
  headers: Headers;
  text: string;
  data: Record<string, unknown> | null;
  errors: GraphqlError[];
}

export interface Gateway {
  readonly server: HttpServer;
  readonly controls: SampleControls;
  /** The log so far, one parsed line each; parsing is the proof that each is one JSON object. */
  readonly log: () => Record<string, unknown>[];
  readonly rawLog: () => string;
  post(body: unknown, headers?: Record<string, string>): Promise<GraphqlAnswer>;
  query(query: string, variables?: object, headers?: Record<string, string>): Promise<GraphqlAnswer>;
  metric(line: RegExp): Promise<number>;
}

export function authenticateSample(token: string): Promise<Viewer> {
  if (token === TOKEN) return Promise.resolve({ scope: TenantScope.administrator(), expiresAt: null });
  return Promise.reject(new AppError('UNAUTHENTICATED', 'This token is not valid.'));
}

const running: HttpServer[] = [];

/** To be called after each test: whatever it started is closed. */
export async function closeGateways(): Promise<void> {
  await Promise.all(running.splice(0).map((server) => server.close({ reason: 'The test is over' })));
}

async function answerOf(response: Response): Promise<GraphqlAnswer> {
  const text = await response.text();
  const body = JSON.parse(text) as { data?: Record<string, unknown> | null; errors?: GraphqlError[] };
  const { status, headers } = response;
  return { status, headers, text, data: body.data ?? null, errors: body.errors ?? [] };
}

export async function startGateway(options: GatewayOptions = {}): Promise<Gateway> {
  const lines: string[] = [];
  const controls: SampleControls = { feed: new Feed(), gate: Promise.resolve(), onHeld: () => undefined };
  const server = await startHttpServer({
    schema: buildSampleSchema(controls),
    server: { ...SERVER, ...options.server },
    limits: { ...LIMITS, ...options.limits },
    logger: createLogger({ level: 'debug', destination: { write: (line) => void lines.push(line) } }),
    authenticate: options.authenticate ?? authenticateSample,
    readiness: options.readiness ?? (() => Promise.resolve()),
    ...(options.timings && { timings: options.timings }),
  });
  running.push(server);
  const post: Gateway['post'] = async (body, headers = {}) =>
    answerOf(
      await fetch(`${server.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${TOKEN}`, ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    );
  return {
    server,
    controls,
    log: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>),
    rawLog: () => lines.join(''),
    post,
    query: (query, variables, headers) => post({ query, variables }, headers),
    metric: async (line) => {
      const text = await (await fetch(`${server.url}/metrics`)).text();
      const found = text.split('\n').find((one) => line.test(one));
      return found === undefined ? 0 : Number(found.split(' ').at(-1));
    },
  };
}

import type { z } from 'zod';
import { silentLogger } from '../../../src/kernel';
import { optionsSchema } from '../../../src/simulators/openstack/options';
import { startOpenstackSimulator } from '../../../src/simulators/openstack/start';
import type { OpenstackSimulator } from '../../../src/simulators/openstack/start';

export type Options = z.input<typeof optionsSchema>;

/** What a test expects to know. */
export type Json = ReturnType<typeof JSON.parse>;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed where it is JSON. */
  readonly body: Json;
}

export interface CallOptions {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Null: none is sent. */
  readonly token?: string | null;
}

const SETTLE_POLL_MS = 5;

/** A simulator on a free port, and a client of plain fetch that has a token. */
export class Stage {
  token = '';

  private constructor(
    readonly simulator: OpenstackSimulator,
    readonly origin: string,
  ) {}

  static async open(options: Options = {}): Promise<Stage> {
    const environment = { host: '127.0.0.1', port: 0, logger: silentLogger };
    const parsed = optionsSchema.parse({ operationMs: 20, quotaRaceMs: 0, ...options });
    const simulator = await startOpenstackSimulator(parsed, environment);
    const stage = new Stage(simulator, new URL(simulator.url).origin);
    await stage.login();
    return stage;
  }

  async login(): Promise<void> {
    const { headers } = await this.authenticate(this.password());
    this.token = headers.get('x-subject-token') ?? '';
  }

  password(secret = this.simulator.connection['password']) {
    const domain = { name: 'Default' };
    return {
      identity: { methods: ['password'], password: { user: { name: 'demo', domain, password: secret } } },
      scope: { project: { name: 'demo', domain } },
    };
  }

  authenticate(auth: object): Promise<Answer> {
    return this.call('POST', '/identity/v3/auth/tokens', { body: { auth }, token: null });
  }

  async call(method: string, path: string, options: CallOptions = {}): Promise<Answer> {
    const { token = this.token, body } = options;
    const response = await fetch(this.origin + path, {
      method,
      headers: {
        'content-type': 'application/json',
        'openstack-api-version': 'compute 2.93',
        ...(token !== null && { 'x-auth-token': token }),
        ...options.headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') === true;
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
  }

  nova(method: string, path: string, body?: unknown): Promise<Answer> {
    return this.call(method, `/compute/v2.1${path}`, { body });
  }

  neutron(method: string, path: string, body?: unknown): Promise<Answer> {
    return this.call(method, `/network/v2.0${path}`, { body });
  }

  async imageId(name = 'cirros'): Promise<string> {
    const { body } = await this.call('GET', `/image/v2/images?name=${name}`);
    return body.images[0].id;
  }

  async networkId(name: string): Promise<string> {
    const { body } = await this.neutron('GET', `/networks?name=${name}`);
    return body.networks[0].id;
  }

  async create(server: object = {}): Promise<Answer> {
    const imageRef = await this.imageId();
    const asked = { name: 'one', flavorRef: '1', imageRef, networks: 'none', ...server };
    return this.nova('POST', '/servers', { server: asked });
  }

  /** Creates a server and waits for its end, good or bad. */
  async created(server: object = {}): Promise<Json> {
    const { status, body } = await this.create(server);
    if (status !== 202) throw new Error(`${status} ${JSON.stringify(body)}`);
    return this.until(body.server.id, ({ status: reached }) => reached !== 'BUILD');
  }

  action(id: string, body: object): Promise<Answer> {
    return this.nova('POST', `/servers/${id}/action`, body);
  }

  async show(id: string): Promise<Json> {
    return (await this.nova('GET', `/servers/${id}`)).body.server;
  }

  /** Waits for what is to come; the test's own time limit ends it. */
  async until(id: string, holds: (server: Json) => boolean): Promise<Json> {
    for (;;) {
      const server = await this.show(id);
      if (server && holds(server)) return server;
      await new Promise((resolve) => setTimeout(resolve, SETTLE_POLL_MS));
    }
  }

  settled(id: string): Promise<Json> {
    return this.until(id, (server) => server['OS-EXT-STS:task_state'] === null);
  }

  async untilGone(id: string): Promise<void> {
    while ((await this.nova('GET', `/servers/${id}`)).status !== 404) {
      await new Promise((resolve) => setTimeout(resolve, SETTLE_POLL_MS));
    }
  }

  close(): Promise<void> {
    return this.simulator.close();
  }
}

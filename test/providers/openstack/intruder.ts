import { until } from '../../support/until';

/** How a user reaches a cloud. */
export interface OpenStackAccess {
  readonly authUrl: string;
  readonly username: string;
  readonly password: string;
  readonly project: string;
  readonly domain: string;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Headers;
}

interface SeenServer {
  readonly id: string;
  readonly status: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly 'OS-EXT-STS:task_state': string | null;
}

type ServiceType = 'compute' | 'image' | 'network';

const WAIT_MS = 60_000;
const PAUSE_MS = 50;

/** Another client of a cloud, that changes things behind the gateway's back. Shares no code with the provider. */
export class OpenStackIntruder {
  private signedIn: { readonly token: string; readonly endpoints: ReadonlyMap<string, string> } | null = null;

  constructor(private readonly access: OpenStackAccess) {}

  async powerOff(id: string): Promise<void> {
    await this.act(id, { 'os-stop': null });
    await this.becomes(id, 'SHUTOFF');
  }

  async act(id: string, action: object): Promise<void> {
    await this.call('compute', 'POST', `/servers/${id}/action`, action);
  }

  async rename(id: string, name: string): Promise<void> {
    await this.call('compute', 'PUT', `/servers/${id}`, { server: { name } });
  }

  /** Until it is gone from every read. */
  async destroy(id: string): Promise<void> {
    await this.call('compute', 'DELETE', `/servers/${id}`);
    await until(
      () => this.server(id),
      (server) => server === null,
      WAIT_MS,
      PAUSE_MS,
    );
  }

  /** Until it is left alone in that state. */
  async becomes(id: string, status: string): Promise<void> {
    const isSo = (server: SeenServer | null): boolean =>
      server?.status === status && server['OS-EXT-STS:task_state'] === null;
    await until(() => this.server(id), isSo, WAIT_MS, PAUSE_MS);
  }

  async server(id: string): Promise<SeenServer | null> {
    const { status, body } = await this.request('compute', 'GET', `/servers/${id}`);
    return status === 404 ? null : (body as { server: SeenServer }).server;
  }

  /** The servers of the project that carry this in their metadata. */
  async serversWith(key: string, value: string): Promise<readonly SeenServer[]> {
    const { servers } = (await this.call('compute', 'GET', '/servers/detail')) as { servers: SeenServer[] };
    return servers.filter(({ metadata }) => metadata[key] === value);
  }

  /** The id of a flavor. */
  async flavor(name: string): Promise<string> {
    const { flavors } = (await this.call('compute', 'GET', '/flavors')) as {
      flavors: { id: string; name: string }[];
    };
    return flavors.find((flavor) => flavor.name === name)?.id ?? '';
  }

  async keypairs(): Promise<readonly string[]> {
    const found = (await this.call('compute', 'GET', '/os-keypairs')) as {
      keypairs: { keypair: { name: string } }[];
    };
    return found.keypairs.map(({ keypair }) => keypair.name);
  }

  /** An image of nothing that needs a disk of so many GiB, unless there is one of this name. */
  async ensureImage(name: string, minDiskGib: number): Promise<void> {
    const { images } = (await this.call('image', 'GET', `/v2/images?name=${name}`)) as { images: unknown[] };
    if (images.length > 0) return;
    const made = (await this.call('image', 'POST', '/v2/images', {
      name,
      disk_format: 'raw',
      container_format: 'bare',
      min_disk: minDiskGib,
    })) as { id: string };
    const { token, url } = await this.endpoint('image');
    const headers = { 'x-auth-token': token, 'content-type': 'application/octet-stream' };
    const uploaded = await fetch(`${url}/v2/images/${made.id}/file`, {
      method: 'PUT',
      headers,
      body: Buffer.alloc(1_024),
    });
    if (!uploaded.ok) throw new Error(`The image was refused: ${uploaded.status}`);
  }

  /** The answer's body. @throws where the cloud refuses */
  async call(service: ServiceType, method: string, path: string, body?: object): Promise<unknown> {
    const answer = await this.request(service, method, path, body);
    if (answer.status < 400) return answer.body;
    throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  }

  private async request(
    service: ServiceType,
    method: string,
    path: string,
    body?: object,
  ): Promise<Pick<Answer, 'status' | 'body'>> {
    const { token, url } = await this.endpoint(service);
    return send(`${url}${path}`, {
      method,
      headers: {
        'x-auth-token': token,
        'openstack-api-version': 'compute 2.93',
        'content-type': 'application/json',
      },
      ...(body && { body: JSON.stringify(body) }),
    });
  }

  private async endpoint(service: ServiceType): Promise<{ token: string; url: string }> {
    this.signedIn ??= await this.signIn();
    const { token, endpoints } = this.signedIn;
    return { token, url: (endpoints.get(service) ?? '').replace(/\/(v2(\.0)?\/?)?$/, '') };
  }

  private async signIn() {
    const { authUrl, username, password, project, domain } = this.access;
    const user = { name: username, domain: { name: domain }, password };
    const scope = { project: { name: project, domain: { name: domain } } };
    const auth = { identity: { methods: ['password'], password: { user } }, scope };
    const answer = await send(`${authUrl}/auth/tokens`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ auth }),
    });
    const { catalog } = (answer.body as { token: { catalog: Catalog } }).token;
    const endpoints = new Map(
      catalog.map(({ type, endpoints: all }) => [
        type,
        all.find(({ interface: one }) => one === 'public')?.url ?? '',
      ]),
    );
    return { token: answer.headers.get('x-subject-token') ?? '', endpoints };
  }
}

type Catalog = readonly {
  readonly type: string;
  readonly endpoints: readonly { readonly interface: string; readonly url: string }[];
}[];

async function send(url: string, init: RequestInit): Promise<Answer> {
  const response = await fetch(url, init);
  const text = await response.text();
  const body: unknown = text.startsWith('{') ? JSON.parse(text) : text;
  return { status: response.status, body, headers: response.headers };
}

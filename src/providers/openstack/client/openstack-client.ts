import { ComputeService } from './compute/compute-service';
import { MICROVERSION } from './compute/version';
import { HttpTransport } from './http/transport';
import { ImageService } from './image/image-service';
import { NetworkService } from './network/network-service';
import type { Call, OpenStackClientOptions } from './options';
import { Service } from './service';
import { Session } from './session/session';

/**
 * A cloud, in one project of it. Nothing is connected before the first call.
 *
 * Every call throws OpenStackError (a service's answer), TransportError (none), UnsuitableCloudError, what `requests`
 * throws, or the reason of its signal.
 */
export class OpenStackClient {
  readonly compute: ComputeService;
  readonly network: NetworkService;
  readonly image: ImageService;
  private readonly session: Session;
  private readonly transport: HttpTransport;

  /** @throws where the file of authorities cannot be read */
  constructor(options: OpenStackClientOptions) {
    const { requests } = options;
    const transport = new HttpTransport(options);
    const session = new Session({ ...options, region: options.region, transport });
    const shared = { session, transport, requests };
    this.transport = transport;
    this.session = session;
    this.compute = new ComputeService(
      new Service({
        ...shared,
        type: 'compute',
        basePath: versioned(/\/v2(\.\d+)?(\/|$)/, '/v2.1'),
        headers: { 'openstack-api-version': `compute ${MICROVERSION}` },
      }),
    );
    this.network = new NetworkService(
      new Service({ ...shared, type: 'network', basePath: versioned(/\/v2\.0\/?$/, '/v2.0') }),
    );
    this.image = new ImageService(
      new Service({ ...shared, type: 'image', basePath: versioned(/\/v2\/?$/, '/v2') }),
    );
  }

  /** Signs in, unless that is done. @returns the id of the project in which everything is made */
  async projectId({ signal }: Call): Promise<string> {
    return (await this.session.get(signal)).projectId;
  }

  /** Ends what is under way; afterwards every call throws TransportError CLOSED. Safe to repeat. */
  close(): void {
    this.transport.close();
  }
}

/** Catalogs name the services with or without the version of their API. */
function versioned(has: RegExp, version: string): (endpoint: URL) => string {
  return ({ pathname }) => {
    const path = pathname.replace(/\/+$/, '');
    return has.test(path) ? path : `${path}${version}`;
  };
}

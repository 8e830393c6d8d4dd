import { allPages, hasNext } from '../paging';
import type { Call } from '../options';
import type { Service } from '../service';
import type { CreateKeypair } from './requests';
import * as results from './results';
import type { AbsoluteLimits, AvailabilityZone, Flavor, Keypair } from './results';
import { ServerCalls } from './server-calls';
import { flavorsUrl, urls } from './urls';
import { requireVersion } from './version';

/** Nova. */
export class ComputeService {
  readonly servers: ServerCalls;

  constructor(private readonly service: Service) {
    this.servers = new ServerCalls(service);
  }

  /**
   * Nova's newest microversion, for example `2.93`.
   * @throws UnsuitableCloudError where it does not speak the one that is used here
   */
  async version(call: Call): Promise<string> {
    const { version } = await this.service.read(
      { method: 'GET', path: urls.version },
      results.versionAnswer,
      call,
    );
    requireVersion(version);
    return version.version;
  }

  /** Those that the project may use. */
  flavors(call: Call): Promise<readonly Flavor[]> {
    return allPages(async (page) => {
      const answer = await this.service.read(
        { method: 'GET', path: flavorsUrl(page) },
        results.flavorPage,
        call,
      );
      return { items: answer.flavors, more: hasNext(answer.flavors_links) };
    });
  }

  /** Names are unique per user: 409 for one that is in use. */
  async createKeypair(keypair: CreateKeypair, call: Call): Promise<Keypair> {
    const request = {
      method: 'POST',
      path: urls.keypairs,
      body: { keypair: { ...keypair, type: 'ssh' } },
      secrets: [keypair.public_key],
    } as const;
    return (await this.service.read(request, results.keypairAnswer, call)).keypair;
  }

  async keypair(name: string, call: Call): Promise<Keypair | null> {
    const request = { method: 'GET', path: urls.keypair(name) } as const;
    return (await this.service.find(request, results.keypairAnswer, call))?.keypair ?? null;
  }

  /** False where there is none. */
  deleteKeypair(name: string, call: Call): Promise<boolean> {
    return this.service.remove(urls.keypair(name), call);
  }

  /** The project's quota and what of it is used. */
  async limits(call: Call): Promise<AbsoluteLimits> {
    const answer = await this.service.read({ method: 'GET', path: urls.limits }, results.limitsAnswer, call);
    return answer.limits.absolute;
  }

  async availabilityZones(call: Call): Promise<readonly AvailabilityZone[]> {
    const request = { method: 'GET', path: urls.availabilityZones } as const;
    return (await this.service.read(request, results.availabilityZonesAnswer, call)).availabilityZoneInfo;
  }
}

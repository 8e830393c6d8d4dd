import { UnsuitableCloudError } from '../errors';
import type { ServiceType } from '../errors';
import type { CatalogEntry } from './results';

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

export interface EndpointChoice {
  readonly interface: 'public' | 'internal';
  readonly region: string | undefined;
}

/** Where the services of a cloud are. */
export class Catalog {
  constructor(
    private readonly entries: readonly CatalogEntry[],
    private readonly choice: EndpointChoice,
  ) {}

  /** @throws UnsuitableCloudError where there is none, or the choice has to be told */
  find(service: ServiceType): URL {
    const { interface: visibility, region } = this.choice;
    const visible = this.entries
      .filter(({ type }) => type === service)
      .flatMap(({ endpoints }) => endpoints)
      .filter((endpoint) => endpoint.interface === visibility);
    const regions = new Set(visible.map((endpoint) => endpoint.region));
    const [found] = visible.filter((endpoint) => region === undefined || endpoint.region === region);
    const place = `${visibility} endpoint for the service ${service}${region === undefined ? '' : ` in the region ${region}`}`;
    if (found === undefined) throw new UnsuitableCloudError(`The catalog of the cloud has no ${place}.`);
    if (region === undefined && regions.size > 1)
      throw new UnsuitableCloudError(
        `The cloud has several regions: name one of ${[...regions].join(', ')}.`,
      );
    return endpointUrl(found.url, place);
  }
}

/** The token must not travel in the clear, whatever the catalog says. */
function endpointUrl(text: string, place: string): URL {
  if (!URL.canParse(text)) throw new UnsuitableCloudError(`The ${place} is no URL.`);
  const url = new URL(text);
  if (url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.test(url.hostname))) return url;
  throw new UnsuitableCloudError(`The ${place} is not https.`);
}

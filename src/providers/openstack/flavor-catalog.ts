import type { CallContext } from '../contract';
import type { Flavor, OpenStackClient } from './client';
import { usableFlavors } from './flavors';

/** Operators add flavors now and then. */
const KEPT_MS = 300_000;

/** The flavors of a cloud, read once in a while. */
export class FlavorCatalog {
  private kept: { readonly flavors: readonly Flavor[]; readonly until: number } | null = null;

  constructor(
    private readonly client: OpenStackClient,
    private readonly patterns: readonly string[] | undefined,
  ) {}

  /** Those that VMs may have. */
  async flavors(context: CallContext): Promise<readonly Flavor[]> {
    if (this.kept !== null && performance.now() < this.kept.until) return this.kept.flavors;
    const flavors = usableFlavors(await this.client.compute.flavors(context), this.patterns);
    this.kept = { flavors, until: performance.now() + KEPT_MS };
    return flavors;
  }

  /** One of them was not there any more when it was used. */
  forget(): void {
    this.kept = null;
  }
}

import type { HypervisorProvider, ImageObservation, NetworkSpec } from '../../src/providers/contract';
import { newId } from '../../src/kernel';
import type { ProviderHarness, RunningBackend } from './harness';
import { contextOf } from './recording-context';
import { settle } from './settle';

/** What all cases of one run share: the backend, the first connection, the image and a network to put VMs on. */
export class Stage {
  private readonly connections: HypervisorProvider[] = [];
  private image: ImageObservation | null = null;
  private network: { readonly spec: NetworkSpec; readonly externalId: string } | null = null;

  private constructor(
    readonly harness: ProviderHarness,
    readonly backend: RunningBackend,
  ) {}

  static async start(harness: ProviderHarness): Promise<Stage> {
    return new Stage(harness, await harness.start());
  }

  get provider(): HypervisorProvider {
    return this.connections[0] ?? this.connect();
  }

  connect(): HypervisorProvider {
    const provider = this.backend.connect();
    this.connections.push(provider);
    return provider;
  }

  async imageExternalId(): Promise<string> {
    this.image ??= await this.provider.resolveImage(this.harness.imageRef, contextOf());
    if (!this.image) throw new Error(`The harness's image ${this.harness.imageRef} is not there.`);
    return this.image.externalId;
  }

  /** Null where the backend has no networks of ours. */
  async networkExternalId(): Promise<string | null> {
    const modes = this.harness.capabilities.network.modes;
    const mode = modes.includes('NAT') ? 'NAT' : modes[0];
    if (mode === undefined) return null;
    if (!this.network) {
      const marker = {
        installationId: newId('tenant'),
        tenantId: newId('tenant'),
        objectId: newId('network'),
        operationId: newId('task'),
      };
      const spec = { marker, name: 'conformance', mode, cidr: this.cidr(0) };
      const made = await this.settle(() => this.provider.createNetwork(spec, contextOf()));
      this.network = { spec, externalId: made.externalId };
    }
    return this.network.externalId;
  }

  /** The prefixes that cases may use; the first is the shared network's. */
  cidr(index: number): string {
    const cidr = this.harness.cidrs[index];
    if (cidr === undefined) throw new Error('The harness has to give four prefixes or more.');
    return cidr;
  }

  async stop(): Promise<void> {
    try {
      const network = this.network;
      if (network) {
        const ref = { externalId: network.externalId, marker: network.spec.marker };
        await this.settle(() => this.provider.deleteNetwork(ref, contextOf()));
      }
      for (const provider of this.connections) await provider.close();
    } finally {
      await this.backend.stop();
    }
  }

  private settle<T>(mutate: Parameters<typeof settle<T>>[3]): Promise<T> {
    return settle(this.provider, contextOf(), this.harness.timeoutMs, mutate);
  }
}

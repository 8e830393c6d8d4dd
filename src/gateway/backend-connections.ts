import type { BackendDirectory } from '../backends';
import type { BackendConfig } from '../config';
import type { GatewayMetrics } from './gateway-metrics';
import type { Logger } from '../kernel';
import { RequestGate } from '../providers/contract';
import type { RateLimit } from '../providers/contract';
import { createProvider } from '../providers/registry';
import type { ProviderKind } from '../providers/registry';
import { SimulatedBackends } from './simulated-backends';
import { SIMULATORS } from '../simulators/registry';
import type { SimulatorFactories } from '../simulators/registry';

export interface BackendConnectionsOptions {
  readonly directory: BackendDirectory;
  readonly metrics: GatewayMetrics;
  readonly logger: Logger;
  /** Told when a backend answers again after its circuit was open. */
  readonly onCircuitClosed: () => void;
  /** The registry's when absent. A test keeps a handle on its backends through it. */
  readonly makeProvider?: typeof createProvider | undefined;
  /** The registry's when absent. */
  readonly simulators?: SimulatorFactories | undefined;
}

/** A provider for each configured backend, and the simulators that some of them speak to. */
export class BackendConnections {
  private readonly simulated: SimulatedBackends;

  constructor(private readonly options: BackendConnectionsOptions) {
    this.simulated = new SimulatedBackends(options.simulators ?? SIMULATORS, options.logger);
  }

  /** Asks no backend anything yet. @throws when a simulator cannot start */
  async open(backends: readonly BackendConfig[]): Promise<void> {
    const reachable = await this.simulated.start(backends);
    await this.options.directory.open(
      reachable.map((backend) => ({
        backend: { name: backend.name, kind: backend.kind, location: backend.location },
        provider: this.connect(backend),
      })),
    );
  }

  /** May be called whatever `open` came to. */
  async close(): Promise<void> {
    await this.options.directory.close();
    await this.simulated.close();
  }

  private connect({ name, kind, settings, rateLimit }: BackendConfig): ReturnType<typeof createProvider> {
    const { directory, metrics, logger, makeProvider = createProvider } = this.options;
    return makeProvider(
      // The configuration accepts only the registry's kinds.
      kind as ProviderKind,
      settings,
      { backendName: name, logger, requests: this.requestGate(name, rateLimit) },
      {
        onCall: (call) => {
          metrics.observeCall(name, call);
          directory.heard(name, call);
        },
        onHeldBack: (forMs) => directory.circuits.opened(name, forMs),
        onCircuit: (isOpen) => {
          metrics.observeCircuit(name, isOpen);
          if (isOpen) return;
          directory.circuits.closed(name);
          this.options.onCircuitClosed();
        },
      },
    );
  }

  private requestGate(name: string, rateLimit: RateLimit | undefined): RequestGate {
    const { metrics } = this.options;
    metrics.observeThrottled(name, 0);
    return new RequestGate({
      ...(rateLimit && { rateLimit }),
      onThrottled: () => metrics.observeThrottled(name, 1),
    });
  }
}

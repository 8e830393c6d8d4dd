import type { BackendConfig } from '../config';
import type { Logger } from '../kernel';
import type { SimulatorFactories } from '../simulators/registry';
import type { RunningSimulator } from '../simulators/simulator';

/** Where the simulators of a gateway listen: nobody but this machine is to reach them. */
const LOOPBACK = '127.0.0.1';

/** The simulators that a gateway runs in its own process, and speaks to over sockets as to any other backend. */
export class SimulatedBackends {
  private readonly running: RunningSimulator[] = [];

  constructor(
    private readonly factories: SimulatorFactories,
    private readonly logger: Logger,
  ) {}

  /**
   * Starts a simulator for each backend that is to have one.
   * @returns all the backends, the simulated ones with their connection among the settings
   * @throws when one cannot start; `close` ends the others
   */
  async start(backends: readonly BackendConfig[]): Promise<readonly BackendConfig[]> {
    const started = await Promise.allSettled(backends.map((backend) => this.startOne(backend)));
    return started.map((result) => {
      if (result.status === 'rejected') throw result.reason;
      return result.value;
    });
  }

  /** Ends all that run, even when one of them fails to. May be repeated. */
  async close(): Promise<void> {
    const ended = await Promise.allSettled(this.running.splice(0).map((simulator) => simulator.close()));
    for (const { reason } of ended.filter((result) => result.status === 'rejected')) {
      this.logger.error({ err: reason as unknown }, 'A simulator did not close in good order.');
    }
  }

  private async startOne(backend: BackendConfig): Promise<BackendConfig> {
    const { name, kind, simulator: options, settings } = backend;
    if (options === undefined) return backend;
    const factory = this.factories[kind];
    if (factory === undefined) throw new Error(`There is no simulator of the kind ${kind}.`);
    const logger = this.logger.child({ simulator: name });
    const simulator = await factory
      .start(options, { host: LOOPBACK, port: 0, logger })
      .catch((error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        throw new Error(`the simulator of the backend ${name}: ${reason}`, { cause: error });
      });
    this.running.push(simulator);
    logger.info({ kind, url: simulator.url }, 'A simulator listens.');
    return { ...backend, settings: { ...(settings as object), ...simulator.connection } };
  }
}

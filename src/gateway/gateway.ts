import { startApi, startProbes } from './api-role';
import type { Api } from './api-role';
import { BackendConnections } from './backend-connections';
import type { Config } from '../config';
import { openFoundation } from './foundation';
import type { Foundation } from './foundation';
import { GatewayMetrics } from './gateway-metrics';
import type { HttpServer, SocketTimings } from '../graphql';
import type { Logger } from '../kernel';
import { assembleNouns } from './nouns';
import type { createProvider } from '../providers/registry';
import type { SimulatorFactories } from '../simulators/registry';
import { Worker } from './worker-role';

/** A live subscriber that falls further behind than this many events is moved on, and told so. */
const MAX_BACKLOG = 10_000;

export interface GatewayOptions {
  readonly config: Config;
  readonly logger: Logger;
  /** Makes the providers; the registry when absent. A test keeps a handle on its backends through it. */
  readonly makeProvider?: typeof createProvider;
  /** The registry's when absent. */
  readonly simulators?: SimulatorFactories;
  readonly socketTimings?: Partial<SocketTimings>;
}

/** A running gateway. */
export interface Gateway {
  readonly http: HttpServer;
  /** The administrator's token if this start has just made it: shown once, kept only as a hash. */
  readonly newAdminToken: string | null;
  /**
   * Stops in good order: no new requests, running tasks finished or handed back, sockets closed with the reason.
   */
  close(reason?: string): Promise<void>;
}

/**
 * Builds a gateway out of its configuration and starts it. Several may run in one process.
 * @throws when the database or the address cannot be had
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { config, logger } = options;
  const metrics = new GatewayMetrics();
  const onHint = metrics.observeHint.bind(metrics);
  const foundation = await openFoundation({ config, logger, onHint });
  const parts = assemble(options, foundation, metrics);
  try {
    return await start(options, parts);
  } catch (error) {
    await parts.connections.close();
    await foundation.close();
    throw error;
  }
}

interface Parts {
  readonly foundation: Foundation;
  readonly metrics: GatewayMetrics;
  readonly nouns: ReturnType<typeof assembleNouns>;
  readonly connections: BackendConnections;
  /** Null in a process without the role. */
  readonly worker: Worker | null;
}

/** Makes the parts; none of them does anything yet. */
function assemble(options: GatewayOptions, foundation: Foundation, metrics: GatewayMetrics): Parts {
  const { config, logger, makeProvider, simulators } = options;
  const { database, feed, installation, broker } = foundation;
  const wakeEngine = (): void => {
    worker?.wake();
    broker.tell('tasks');
  };
  const nouns = assembleNouns({
    ...{ database, feed, installation, logger, wakeEngine },
    maxBacklog: MAX_BACKLOG,
  });
  const directory = nouns.stores.backends;
  const connections = new BackendConnections({
    ...{ directory, metrics, logger, makeProvider, simulators },
    onCircuitClosed: wakeEngine,
  });
  const worker = config.roles.includes('worker')
    ? new Worker({ config, logger, foundation, nouns, metrics })
    : null;
  metrics.watchBackends(directory);
  if (config.redis) metrics.watchBroker(broker);
  if (worker) metrics.watchWorker(worker);
  return { foundation, metrics, nouns, connections, worker };
}

/** Whoever starts comes first: the first request to a backend may load a library, so that nothing is asked before. */
async function start(options: GatewayOptions, parts: Parts): Promise<Gateway> {
  const { config, logger, socketTimings } = options;
  const { connections, nouns, worker } = parts;
  await connections.open(config.backends);
  const startRole = config.roles.includes('api') ? startApi : startProbes;
  const api = await startRole({ config, logger, socketTimings, ...parts });
  try {
    nouns.stores.backends.startProbing();
    await worker?.start();
  } catch (error) {
    await api.http.close();
    await api.forget();
    throw error;
  }
  let closing: Promise<void> | null = null;
  const close = (reason = 'Service restarting'): Promise<void> =>
    (closing ??= stop(parts, api, reason, config.server.drainMs));
  return { http: api.http, newAdminToken: api.newAdminToken, close };
}

async function stop(parts: Parts, { http }: Api, reason: string, drainMs: number): Promise<void> {
  http.startDraining();
  await Promise.all([http.close({ reason }), parts.worker?.stop(drainMs)]);
  await parts.connections.close();
  await parts.foundation.close();
}

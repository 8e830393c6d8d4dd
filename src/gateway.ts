import { hostname } from 'node:os';
import { v7 as uuidv7 } from 'uuid';
import { serveApi } from './api-resolvers';
import type { Config } from './config';
import { lockSqliteDatabase, openDatabase } from './database';
import type { Database, ProcessLock } from './database';
import { Duties } from './duties';
import { EventFeed } from './events';
import { createGatewayMetrics } from './gateway-metrics';
import type { GatewayMetrics } from './gateway-metrics';
import { startHttpServer } from './graphql';
import type { HttpServer, SocketTimings } from './graphql';
import { InstallationStore } from './installation';
import type { Installation } from './installation';
import type { Logger } from './kernel';
import { Maintenance } from './maintenance';
import { assembleNouns } from './nouns';
import { createProvider } from './providers/registry';
import type { ProviderKind } from './providers/registry';
import { SimulatedBackends } from './simulated-backends';
import { SIMULATORS } from './simulators/registry';
import type { SimulatorFactories } from './simulators/registry';
import { TABLES } from './tables';
import { TaskEngine } from './tasks';
import { Authenticator, forgetAdminToken, loadAdminToken } from './tenants';
import { VmObserver } from './vms';
import { RequestGate } from './providers/contract';
import type { RateLimit } from './providers/contract';

/** A live subscriber that falls further behind than this many events is moved on, and told so. */
const MAX_BACKLOG = 10_000;
/** Deaths of workers in a row after which a task is taken for the cause. */
const MAX_CRASHES = 5;
const RECONCILE_MS = 60_000;
/** How often the event feed looks for what other processes have written. */
const FEED_POLL_MS = 500;

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

interface Parts {
  readonly database: Database;
  readonly feed: EventFeed;
  readonly installation: Installation;
  readonly settings: InstallationStore;
  /** Null on databases that several gateways may share. */
  readonly lock: ProcessLock | null;
}

async function openParts({ config, logger }: GatewayOptions): Promise<Parts> {
  const lock = config.database.type === 'sqlite' ? lockSqliteDatabase(config.database.file) : null;
  try {
    const database = await openDatabase(config.database, TABLES);
    const settings = new InstallationStore(database);
    const installation = await settings.load();
    const feed = new EventFeed({ database, logger, pollMs: FEED_POLL_MS });
    await feed.start();
    return { database, feed, installation, settings, lock };
  } catch (error) {
    lock?.release();
    throw error;
  }
}

type Nouns = ReturnType<typeof assembleNouns>;

async function openBackends(
  { config, logger, makeProvider = createProvider }: GatewayOptions,
  simulated: SimulatedBackends,
  nouns: Nouns,
  metrics: GatewayMetrics,
): Promise<void> {
  const { backends } = nouns.stores;
  const reachable = await simulated.start(config.backends);
  const requestGate = (name: string, rateLimit: RateLimit | undefined): RequestGate => {
    metrics.observeThrottled(name, 0);
    return new RequestGate({
      ...(rateLimit && { rateLimit }),
      onThrottled: () => {
        metrics.observeThrottled(name, 1);
      },
    });
  };
  await backends.open(
    reachable.map(({ name, kind, location, settings, rateLimit }) => ({
      backend: { name, kind, location },
      // The configuration accepts only the registry's kinds.
      provider: makeProvider(
        kind as ProviderKind,
        settings,
        { backendName: name, logger, requests: requestGate(name, rateLimit) },
        {
          onCall: (call) => {
            metrics.observeCall(name, call);
            backends.heard(name, call);
          },
          onCircuit: (isOpen) => {
            metrics.observeCircuit(name, isOpen);
          },
        },
      ),
    })),
  );
}

async function listen(
  { config, logger, socketTimings }: GatewayOptions,
  parts: Parts,
  nouns: Nouns,
  { registry }: GatewayMetrics,
  adminTokenHash: string,
): Promise<HttpServer> {
  const authenticator = new Authenticator(nouns.stores.tokens, adminTokenHash);
  return startHttpServer({
    schema: serveApi(nouns.resolvers),
    server: config.server,
    limits: config.limits,
    logger,
    authenticate: async (token) => {
      const { scope, expiresAt } = await authenticator.authenticate(token);
      return { scope, expiresAt: expiresAt === null ? null : new Date(expiresAt) };
    },
    readiness: () => parts.database.ping(),
    registry,
    seeds: nouns.seeds,
    ...(socketTimings && { timings: socketTimings }),
  });
}

function makeWorkers({ config, logger }: GatewayOptions, parts: Parts, nouns: Nouns) {
  const { database, installation } = parts;
  const owner = `${hostname().slice(0, 20)}/${uuidv7()}`;
  const engine = new TaskEngine({
    ...config.tasks,
    database,
    logger,
    tasks: nouns.stores.tasks,
    workflows: nouns.workflows,
    owner,
    maxCrashes: MAX_CRASHES,
  });
  const observer = new VmObserver({
    store: nouns.stores.vms,
    networks: nouns.stores.networks,
    backends: nouns.stores.backends,
    installationId: installation.id,
    logger,
    reconcileMs: RECONCILE_MS,
  });
  const maintenance = new Maintenance({
    database,
    logger,
    outbox: parts.feed.outbox,
    idempotency: nouns.stores.idempotency,
    retentionDays: config.tasks.retentionDays,
  });
  const { leaseMs, heartbeatMs, pollMs } = config.tasks;
  const duties = new Duties({ database, logger, holder: owner, leaseMs, heartbeatMs, pollMs });
  /** Once the backends are open. */
  const takeDuties = (): void => {
    duties.hold('maintenance', (signal) => maintenance.work(signal));
    for (const live of nouns.stores.backends.allLive()) {
      duties.hold(`observe/${live.backend.id}`, (signal) => observer.observe(live, signal));
    }
    duties.start();
  };
  return { engine, duties, takeDuties };
}

/**
 * Builds a gateway out of its configuration and starts it. Several may run in one process.
 * @throws when the database or the address cannot be had
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const parts = await openParts(options);
  let wake = (): void => undefined;
  const nouns = assembleNouns({
    ...{ database: parts.database, feed: parts.feed, installation: parts.installation },
    logger: options.logger,
    wakeEngine: () => {
      wake();
    },
    maxBacklog: MAX_BACKLOG,
  });
  const { engine, duties, takeDuties } = makeWorkers(options, parts, nouns);
  const metrics = createGatewayMetrics(nouns.stores.backends, () => engine.running);
  const simulated = new SimulatedBackends(options.simulators ?? SIMULATORS, options.logger);
  const closeParts = async (): Promise<void> => {
    await nouns.stores.backends.close();
    await simulated.close();
    await parts.feed.close();
    await parts.database.close();
    parts.lock?.release();
  };
  const admin = await loadAdminToken(parts.settings, options.config.auth.adminToken);
  try {
    await openBackends(options, simulated, nouns, metrics);
    const http = await listen(options, parts, nouns, metrics, admin.hash);
    nouns.stores.backends.startProbing();
    if (parts.lock) await Promise.all([engine.succeed(), duties.succeed()]);
    engine.start();
    wake = () => {
      engine.wake();
    };
    takeDuties();
    const stop = async (reason: string): Promise<void> => {
      http.startDraining();
      await Promise.all([http.close({ reason }), engine.stop(options.config.server.drainMs)]);
      await duties.close();
      await closeParts();
    };
    let closing: Promise<void> | null = null;
    const close = (reason = 'Service restarting'): Promise<void> => (closing ??= stop(reason));
    return { http, newAdminToken: admin.newToken, close };
  } catch (error) {
    // Nobody has seen it, and nobody ever would.
    if (admin.newToken !== null) await forgetAdminToken(parts.settings);
    await closeParts();
    throw error;
  }
}

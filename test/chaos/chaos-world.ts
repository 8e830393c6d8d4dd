import { setTimeout as sleep } from 'node:timers/promises';
import { ADMIN_TOKEN } from '../peers/support/gateway-process';
import { startPeer } from '../peers/support/start-peer';
import type { Peer } from '../peers/support/start-peer';
import { startBackends } from './backends';
import type { BackendKind, FaultyBackend } from './backends';
import { OpenTasks, prepareTables, readRecords, startDatabase } from './chaos-database';
import type { ChaosDatabase } from './chaos-database';
import type { Acknowledgement, Evidence } from './evidence';
import { PatientClient } from './patient-client';
import { Worker } from './worker';

export interface WorldOptions {
  readonly database: 'sqlite' | 'mariadb';
  readonly workers: number;
  readonly backends: readonly BackendKind[];
  readonly loseReply: number;
  readonly lagMs: number;
  readonly seed: number;
  readonly disable: readonly string[];
  /** Whether the gateways have one to tell each other by. */
  readonly redis?: boolean;
}

/** What a world may be given instead of making it. */
export interface WorldParts {
  readonly database?: ChaosDatabase;
  readonly backends?: readonly FaultyBackend[];
  /** How a gateway reaches the database. */
  readonly databaseOf?: (gateway: number) => object;
  readonly tasks?: object;
}

/** Without any task that ends; far more than one needs, for a hung task must not hang the run. */
const PATIENCE_MS = 120_000;
const LOOK_MS = 500;
const SAY_MS = 10_000;
/** Events are placed after their commit. */
const EVENTS_MS = 1_500;

/** A database, backends that lose replies, and gateways over both that may be killed at any time. */
export class ChaosWorld {
  readonly client: PatientClient;

  private readonly open: OpenTasks;

  private constructor(
    readonly options: WorldOptions,
    readonly database: ChaosDatabase,
    readonly backends: readonly FaultyBackend[],
    readonly workers: readonly Worker[],
    private readonly redis: Peer | null,
  ) {
    this.client = new PatientClient(() => this.workers.flatMap(({ url }) => url ?? []), ADMIN_TOKEN);
    this.open = new OpenTasks(database.config);
  }

  static async open(options: WorldOptions, parts: WorldParts = {}): Promise<ChaosWorld> {
    const { disable } = options;
    const database = parts.database ?? (await startDatabase(options.database));
    await prepareTables(database.config);
    const redis = options.redis === true ? await startPeer('redis') : null;
    const backends = parts.backends ?? (await startBackends(options.backends, options));
    const shared = {
      ...{ backends: backends.map(({ entry }) => entry), disable, tasks: parts.tasks ?? {} },
      ...(redis && { redis: { url: redis.address } }),
    };
    const workers = await Promise.all(
      Array.from({ length: options.workers }, (_none, index) =>
        Worker.make({ ...shared, database: parts.databaseOf?.(index) ?? database.config }),
      ),
    );
    return new ChaosWorld(options, database, backends, workers, redis);
  }

  /** Kills it and starts it again, empty; null where there is none. */
  get restartRedis(): (() => Promise<void>) | null {
    const { redis } = this;
    if (!redis) return null;
    return async () => {
      await redis.run('kill');
      await redis.run('start');
    };
  }

  async start(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.start()));
  }

  /** False when nothing has ended for too long. */
  async untilNothingIsOpen(say: (line: string) => void = () => undefined): Promise<boolean> {
    let fewest = Infinity;
    let progressAt = Date.now();
    for (let said = Date.now(); ;) {
      const open = await this.open.count();
      if (open === 0) return true;
      if (open !== null && open < fewest) [fewest, progressAt] = [open, Date.now()];
      if (Date.now() - progressAt > PATIENCE_MS) return false;
      if (Date.now() - said > SAY_MS) {
        said = Date.now();
        say(`${String(open ?? 'Unknown how many')} tasks are open.`);
      }
      await sleep(LOOK_MS);
    }
  }

  /** What is left, once everything has come to rest. */
  async evidence(acknowledgements: readonly Acknowledgement[]): Promise<Evidence> {
    await sleep(EVENTS_MS + this.options.lagMs);
    const { installationId, ...records } = await readRecords(this.database.config);
    const inventories = await Promise.all(this.backends.map((backend) => backend.inventory(installationId)));
    return { ...records, backendVms: inventories.flat(), acknowledgements };
  }

  lostReplies(): number {
    return this.backends.reduce((sum, backend) => sum + backend.lostReplies(), 0);
  }

  async remove(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.remove()));
    await Promise.all(this.backends.map((backend) => backend.close()));
    await this.open.close();
    await this.redis?.stop();
    await this.database.close();
  }
}

import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '../../../src/config';
import type { Config } from '../../../src/config';
import type { DatabaseConfig } from '../../../src/database';
import { startGateway } from '../../../src/gateway/gateway';
import type { Gateway } from '../../../src/gateway/gateway';
import { createLogger } from '../../../src/gateway/logging';
import { guardProvider } from '../../../src/providers/contract';
import { createMemoryBackend } from '../../../src/providers/memory';
import type { MemoryBackend, MemoryConfigInput } from '../../../src/providers/memory';
import { backendConfigSchemas, createProvider } from '../../../src/providers/registry';
import { SIMULATORS } from '../../../src/simulators/registry';
import { databaseFolder, layMigrated } from '../test-databases';
import { ApiClient } from './api-client';

export const ADMIN_TOKEN = 'administrator-of-the-tests-0123456789';

export interface TestGatewayOptions {
  /** Memory backends by name; one called `lab` when absent. */
  readonly backends?: Readonly<Record<string, MemoryConfigInput>>;
  /** Further backends as an operator's configuration has them, with the registry's own providers. */
  readonly furtherBackends?: readonly object[];
  readonly limits?: Readonly<Record<string, number>>;
  /** A SQLite file of its own when absent. */
  readonly database?: DatabaseConfig;
  /** Another gateway on the same database: this one is its replica, and has the same memory backends. */
  readonly replicaOf?: TestGateway;
  readonly reconcile?: Readonly<Record<string, string | number>>;
}

/** A whole gateway in this process, with a database of its own and backends that the test has in its hands. */
export class TestGateway {
  private constructor(
    readonly gateway: Gateway,
    private readonly dir: string,
    private readonly lines: readonly string[],
    private readonly backends: ReadonlyMap<string, MemoryBackend>,
    private readonly ownsBackends: boolean,
  ) {}

  static async start(options: TestGatewayOptions = {}): Promise<TestGateway> {
    const dir = databaseFolder('hypergate-api-');
    if (!options.database) await layMigrated(join(dir, 'gateway.db'));
    const lines: string[] = [];
    const backends = new Map<string, MemoryBackend>(options.replicaOf?.backends);
    const gateway = await startGateway({
      config: configIn(dir, options),
      logger: createLogger({ level: 'debug', destination: { write: (line) => void lines.push(line) } }),
      socketTimings: { recheckMs: 100 },
      makeProvider: (kind, settings, environment, guard) => {
        const { backendName, logger } = environment;
        if (kind !== 'memory') return createProvider(kind, settings, environment, guard);
        const backend = backends.get(backendName) ?? createMemoryBackend(settings as MemoryConfigInput);
        backends.set(backendName, backend);
        return guardProvider(backend.connect(), { logger, ...guard });
      },
    });
    return new TestGateway(gateway, dir, lines, backends, !options.replicaOf);
  }

  get url(): string {
    return this.gateway.http.url;
  }

  get admin(): ApiClient {
    return new ApiClient(this.url, ADMIN_TOKEN);
  }

  get anonymous(): ApiClient {
    return new ApiClient(this.url, null);
  }

  get sqliteFile(): string {
    return join(this.dir, 'gateway.db');
  }

  backend(name = 'lab'): MemoryBackend {
    const backend = this.backends.get(name);
    if (!backend) throw new Error(`There is no backend ${name}.`);
    return backend;
  }

  /** All that was logged so far. */
  log(): string {
    return this.lines.join('');
  }

  /** The bytes of the database's files, write-ahead log included, as text. */
  databaseBytes(): string {
    const files = readdirSync(this.dir).filter((name) => name.startsWith('gateway.db'));
    return files.map((name) => readFileSync(join(this.dir, name), 'latin1')).join('');
  }

  async close(): Promise<void> {
    await this.gateway.close('The test is over');
    if (this.ownsBackends) for (const backend of this.backends.values()) backend.close();
    rmSync(this.dir, { recursive: true, force: true });
  }
}

/** Through the file, as an operator's configuration goes. */
function configIn(dir: string, options: TestGatewayOptions): Config {
  const { backends = { lab: {} }, furtherBackends = [], limits = {}, reconcile = {} } = options;
  const file = join(dir, 'hypergate.yaml');
  const entries = Object.entries(backends).map(([name, settings]) => ({
    ...{ name, kind: 'memory', location: 'INTERNAL' },
    ...settings,
  }));
  const value = {
    // Tasks that a test left hanging are interrupted at once.
    server: { port: 0, ide: false, drainMs: 0 },
    database: options.database ?? { type: 'sqlite', file: join(dir, 'gateway.db') },
    auth: { adminToken: ADMIN_TOKEN },
    tasks: { pollMs: 200 },
    limits,
    reconcile,
    backends: [...entries, ...furtherBackends],
  };
  writeFileSync(file, JSON.stringify(value));
  return loadConfig({
    providers: backendConfigSchemas(),
    simulators: SIMULATORS,
    env: { HYPERGATE_CONFIG: file },
    cwd: dir,
  });
}

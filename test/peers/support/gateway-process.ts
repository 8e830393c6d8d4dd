import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildGateway, GATEWAY_MAIN } from './gateway-build';

export const ADMIN_TOKEN = 'the-administrator-of-one-test-run-only';

/** A worker that died is noticed after a second, so that a test need not wait for the usual thirty. */
const QUICK_TASKS = { leaseMs: 1_000, heartbeatMs: 200, pollMs: 100 };

/** What differs from one start to the next; the rest is the folder's. */
export interface GatewayStart {
  /** The crash point at which the process kills itself. */
  readonly crashAt?: string;
  /** What stands in the configuration instead of what the folder has. */
  readonly change?: Partial<GatewayConfig>;
}

export interface GatewayEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

interface ListenLine {
  readonly msg?: string;
  readonly url?: string;
}

function urlIn(output: string): string | null {
  for (const line of output.split('\n')) {
    if (!line.startsWith('{') || !line.endsWith('}')) continue;
    const { msg, url } = JSON.parse(line) as ListenLine;
    if (msg === 'The gateway listens.' && url !== undefined) return url;
  }
  return null;
}

/** One running gateway. */
export class GatewayProcess {
  /** What it has printed so far: its log, one JSON object a line. */
  output = '';
  readonly ended: Promise<GatewayEnd>;

  constructor(private readonly child: ChildProcess) {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    }
    this.ended = once(child, 'close').then(([code, signal]) => ({
      code: code as number | null,
      signal: signal as NodeJS.Signals | null,
    }));
  }

  /** Resolves with its address once it listens. @throws with its output when it ends before */
  async listening(): Promise<string> {
    const url = new Promise<string>((resolve) => {
      const look = (): void => {
        const found = urlIn(this.output);
        if (found === null) return;
        // What it prints from now on is not read again from the start, line by line.
        this.child.stdout?.off('data', look);
        resolve(found);
      };
      this.child.stdout?.on('data', look);
      look();
    });
    const ended = this.ended.then(({ code, signal }) => {
      throw new Error(`The gateway ended (${String(code ?? signal)}) before it listened:\n${this.output}`);
    });
    return Promise.race([url, ended]);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }

  /** @param name SIGTERM for good order, SIGKILL for none */
  async stop(name: NodeJS.Signals): Promise<GatewayEnd> {
    this.signal(name);
    return this.ended;
  }
}

export interface GatewayConfig {
  readonly backends: readonly object[];
  /** SQLite in the gateway's folder when absent. */
  readonly database?: object;
  readonly tasks?: object;
  readonly server?: object;
  readonly redis?: object;
  readonly roles?: readonly string[];
  readonly reconcile?: object;
  /** Protections that it goes without. */
  readonly faults?: object;
}

/** A gateway's folder, with its configuration and its data: what stays when the process dies. */
export class GatewayHome {
  private current: GatewayProcess | null = null;
  private address: string | null = null;

  private constructor(
    readonly directory: string,
    private readonly config: GatewayConfig,
  ) {}

  static async make(config: GatewayConfig): Promise<GatewayHome> {
    await buildGateway();
    return new GatewayHome(await mkdtemp(join(tmpdir(), 'hypergate-')), config);
  }

  get databaseFile(): string {
    return join(this.directory, 'hypergate.db');
  }

  /** Where the process that was started last listens; differs from start to start. */
  get url(): string {
    if (this.address === null) throw new Error('No gateway has been started yet.');
    return this.address;
  }

  get process(): GatewayProcess {
    if (this.current === null) throw new Error('No gateway has been started yet.');
    return this.current;
  }

  /** Starts the gateway over what earlier ones left, and waits until it listens. */
  async start(start: GatewayStart = {}): Promise<GatewayProcess> {
    const file = await this.writeConfig(start);
    const child = spawn(process.execPath, [GATEWAY_MAIN], {
      cwd: this.directory,
      env: { ...process.env, HYPERGATE_CONFIG: file, NODE_ENV: 'production' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.current = new GatewayProcess(child);
    this.address = await this.current.listening();
    return this.current;
  }

  /** @returns the file's path */
  async writeConfig(start: GatewayStart = {}): Promise<string> {
    const file = join(this.directory, 'hypergate.yaml');
    await writeFile(file, JSON.stringify(this.settings(start))); // JSON is YAML
    return file;
  }

  private settings({ crashAt, change }: GatewayStart): object {
    const { backends, database, tasks, server, faults, ...others } = { ...this.config, ...change };
    return {
      server: { host: '127.0.0.1', port: 0, ...server },
      database: database ?? { type: 'sqlite', file: this.databaseFile },
      auth: { adminToken: ADMIN_TOKEN },
      tasks: { ...QUICK_TASKS, ...tasks },
      backends,
      ...others,
      ...(crashAt !== undefined || faults ? { faults: { ...faults, ...(crashAt && { crashAt }) } } : {}),
    };
  }

  /** Ends what still runs and removes the folder. */
  async remove(): Promise<void> {
    await this.current?.stop('SIGKILL');
    await rm(this.directory, { recursive: true, force: true });
  }
}

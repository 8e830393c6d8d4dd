import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { buildGateway } from './gateway-build';
import { endChild } from './end-child';

const SIMULATE = resolve(__dirname, '../../../dist/src/commands/simulate.js');

export interface MortalVcenterOptions {
  /** What a light task takes; a clone takes four times that. */
  readonly taskMs: number;
}

/**
 * The vSphere simulator in a process of its own, as `npm run simulate` starts it. Its inventory lives in a state file:
 * after `kill` and `start` it is there again on the same port, without its sessions.
 */
export class MortalVcenter {
  readonly username = 'gateway@vsphere.local';
  readonly password = 'of-one-test-run-only';
  private child: ChildProcess | null = null;
  private address: string | null = null;

  private constructor(
    private readonly options: MortalVcenterOptions,
    private readonly directory: string,
  ) {}

  static async make(options: MortalVcenterOptions): Promise<MortalVcenter> {
    await buildGateway();
    const directory = await mkdtemp(join(tmpdir(), 'hypergate-vcenter-'));
    const vcenter = new MortalVcenter(options, directory);
    await vcenter.start();
    return vcenter;
  }

  /** For example `http://127.0.0.1:40000/sdk`; stays the same over `kill` and `start`. */
  get url(): string {
    if (this.address === null) throw new Error('The simulator has not been started.');
    return this.address;
  }

  private get stateFile(): string {
    return join(this.directory, 'state.json');
  }

  /** What a start would begin with; empty before the first write. */
  async written(): Promise<string> {
    return readFile(this.stateFile, 'utf8').catch(() => '');
  }

  /** Starts it over what an earlier one has left, and waits until it listens. */
  async start(): Promise<void> {
    const port = this.address === null ? '0' : new URL(this.address).port;
    const child = spawn(process.execPath, [SIMULATE, 'vsphere', '--port', port, ...this.flags()], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    this.address = await listening(child);
  }

  /** SIGKILL: every connection is cut, and what was not written is lost. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** Ends it and removes its files. May be repeated. */
  async remove(): Promise<void> {
    await this.end('SIGTERM');
    await rm(this.directory, { recursive: true, force: true });
  }

  private flags(): string[] {
    return [
      ...['--username', this.username, '--password', this.password, '--state-file', this.stateFile],
      ...['--vms', '0', '--task-ms', `${this.options.taskMs}`, '--guest-boot-ms', '20'],
      ...['--guest-shutdown-ms', '20'],
    ];
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const { child } = this;
    this.child = null;
    await endChild(child, signal);
  }
}

async function listening(child: ChildProcess): Promise<string> {
  let output = '';
  return new Promise((resolve, reject) => {
    const take = (chunk: Buffer): void => {
      output += chunk.toString();
      const found = /^ +url +(\S+)$/m.exec(output)?.[1];
      if (found !== undefined) resolve(found);
    };
    child.stdout?.on('data', take);
    child.stderr?.on('data', take);
    child.once('error', reject);
    child.once('close', () => {
      reject(new Error(`The simulator ended before it listened:\n${output}`));
    });
  });
}

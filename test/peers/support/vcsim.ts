import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { endChild } from './end-child';

const SCRIPT = resolve(__dirname, '../vcsim/peer.sh');
const BINARY = resolve(__dirname, '../../../.peers/vcsim/bin/vcsim');

export interface VcsimOptions {
  /** Of the one datacenter, DC0; they are called DC0_C0, DC0_C1, … */
  readonly clusters?: number;
  /** Of each cluster. */
  readonly hosts?: number;
  /** Of each cluster, all of them on; called DC0_C0_RP0_VM0 and so on. */
  readonly vms?: number;
  /** Idle time after which a session is lost. Seldom checked more often than that; never lost when absent. */
  readonly sessionTimeoutMs?: number;
  /** How long each call takes. */
  readonly delayMs?: number;
  /** HTTPS with this PEM certificate and key; see `makePki` in libvirtd.ts. */
  readonly tls?: { readonly certFile: string; readonly keyFile: string };
}

/**
 * A private vcsim on a free port of the loopback interface. Its model lives in memory only: after `kill` and
 * `restart` all sessions are lost, and the inventory is that of a first start.
 */
export class Vcsim {
  readonly username = 'user';
  readonly password = 'pass';
  private child: ChildProcess | null = null;
  private address: string | null = null;
  private output = '';

  private constructor(
    private readonly options: VcsimOptions,
    /** Where it puts the files of its datastores. */
    private readonly directory: string,
  ) {}

  /** Starts one with one cluster of three hosts and five VMs, unless the options say otherwise. */
  static async start(options: VcsimOptions = {}): Promise<Vcsim> {
    if (!existsSync(BINARY)) await promisify(execFile)('bash', [SCRIPT, 'install']);
    const vcsim = new Vcsim(options, await mkdtemp(join(tmpdir(), 'hypergate-vcsim-')));
    try {
      await vcsim.restart();
      return vcsim;
    } catch (error) {
      await vcsim.stop();
      throw error;
    }
  }

  /** For example `http://127.0.0.1:40000/sdk`; stays the same over `restart`. */
  get url(): string {
    if (this.address === null) throw new Error('vcsim has not been started.');
    return this.address;
  }

  /** False after `kill`, and when it has crashed, as some requests make it do. */
  get running(): boolean {
    return this.child !== null && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** What it has printed since its last start: a panic, for example. */
  get log(): string {
    return this.output;
  }

  /** SIGKILL: every connection is cut. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** Starts it on the same port, with nothing of what it knew; ends it first when it runs. */
  async restart(): Promise<void> {
    await this.end('SIGKILL');
    const port = this.address === null ? '0' : new URL(this.address).port;
    // It ends with its standard input: a test run that is cut short, however, leaves no server behind.
    const child = spawn(BINARY, ['-end-with-stdin', '-listen', `127.0.0.1:${port}`, ...this.flags()], {
      env: { ...process.env, TMPDIR: this.directory },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.child = child;
    this.output = '';
    this.address = await this.listening(child);
  }

  /** Ends it and removes its files. May be repeated. */
  async stop(): Promise<void> {
    await this.end('SIGTERM');
    await rm(this.directory, { recursive: true, force: true });
  }

  private flags(): string[] {
    const { clusters = 1, hosts = 3, vms = 5, delayMs = 0, sessionTimeoutMs = 0, tls } = this.options;
    return [
      ...['-username', this.username, '-password', this.password],
      ...['-clusters', `${clusters}`, '-hosts', `${hosts}`, '-vms', `${vms}`],
      ...['-delay-ms', `${delayMs}`, '-session-timeout', `${sessionTimeoutMs}ms`],
      ...(tls ? ['-cert-file', tls.certFile, '-key-file', tls.keyFile] : []),
    ];
  }

  private async listening(child: ChildProcess): Promise<string> {
    return new Promise((resolve, reject) => {
      const take = (chunk: Buffer): void => {
        this.output += chunk.toString();
        const found = /^listening on (\S+)$/m.exec(this.output)?.[1];
        if (found !== undefined) resolve(found);
      };
      child.stdout?.on('data', take);
      child.stderr?.on('data', take);
      child.once('error', reject);
      child.once('close', () => {
        reject(new Error(`vcsim ended before it listened:\n${this.output}`));
      });
    });
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const { child } = this;
    this.child = null;
    await endChild(child, signal);
  }
}

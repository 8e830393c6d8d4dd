import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const REPOSITORY = resolve(__dirname, '../../..');
const SCRIPTS = resolve(__dirname, '../libvirt');
const CACHE = join(REPOSITORY, '.peers', 'libvirt');

export interface LibvirtdOptions {
  /** Shares the host's network, which the ports need; the daemon must then make no networks. */
  readonly hostNetwork?: boolean;
  readonly tcpPort?: number;
  readonly tls?: { readonly port: number; readonly pkiDirectory: string };
  readonly maxClientRequests?: number;
}

/** A libvirtd of the test's own; see `test/peers/libvirt/libvirtd.sh` for what its sandbox is. */
export class PrivateLibvirtd {
  private constructor(
    readonly directory: string,
    private readonly environment: Readonly<Record<string, string>>,
  ) {}

  /** Starts one in a fresh directory and waits until it answers. */
  static async start(options: LibvirtdOptions = {}): Promise<PrivateLibvirtd> {
    await installLibvirt();
    const directory = await mkdtemp(join(tmpdir(), 'libvirtd-'));
    const daemon = new PrivateLibvirtd(directory, environmentOf(options));
    try {
      await daemon.start();
      return daemon;
    } catch (error) {
      await daemon.stop();
      throw error;
    }
  }

  get socketPath(): string {
    return join(this.directory, 'sock', 'libvirt-sock');
  }

  /** Where disks may lie: the path is the same inside and outside of the sandbox. */
  get imagesDirectory(): string {
    return join(this.directory, 'images');
  }

  /** @param driver for example `qemu:///system` or `test:///default` */
  uri(driver = 'qemu:///system'): string {
    return `${driver.replace(':', '+unix:')}?socket=${this.socketPath}`;
  }

  /** Starts the daemon again after `kill`, with its state and the guests that ran on. */
  async start(): Promise<void> {
    await this.script('start');
  }

  /** SIGKILL to the daemon alone: its sandbox, guests and networks live on. */
  async kill(): Promise<void> {
    await this.script('kill');
  }

  /** The daemon's process, as this process sees it; null while it does not run. */
  async daemonPid(): Promise<number | null> {
    const match = /^daemon (\d+)$/m.exec(await this.script('status'));
    return match ? Number(match[1]) : null;
  }

  /** Ends everything in the sandbox and removes its directory. */
  async stop(): Promise<void> {
    await this.script('stop');
    await rm(this.directory, { recursive: true, force: true });
  }

  /** Runs a command inside the sandbox, as root. @returns what it printed */
  inside(command: string, ...args: string[]): Promise<string> {
    return this.script('run', command, ...args);
  }

  private async script(
    command: 'start' | 'kill' | 'stop' | 'status' | 'run',
    ...args: string[]
  ): Promise<string> {
    const env = { ...process.env, ...this.environment };
    const { stdout } = await run(join(SCRIPTS, 'libvirtd.sh'), [command, this.directory, ...args], { env });
    return stdout;
  }
}

/** Does nothing where all is installed; otherwise needs root and the Debian archive. */
export async function installLibvirt(): Promise<void> {
  await run(join(SCRIPTS, 'install.sh'), []);
}

/** Certificates for tests of TLS; see `test/peers/libvirt/make-pki.sh` for the files. */
export async function makePki(directory: string): Promise<void> {
  await run(join(SCRIPTS, 'make-pki.sh'), [directory]);
}

/** The tiny guest's disk, built on first use. Never boot it itself: make a copy or a linked clone. */
export async function guestImage(): Promise<string> {
  const path = join(CACHE, 'guest.qcow2');
  if (!existsSync(path)) {
    await mkdir(CACHE, { recursive: true });
    await installLibvirt();
    await run(join(SCRIPTS, 'make-guest.sh'), [path]);
  }
  return path;
}

function environmentOf(options: LibvirtdOptions): Record<string, string> {
  const environment: Record<string, string> = {};
  if (options.hostNetwork) environment.HOST_NETWORK = '1';
  if (options.tcpPort !== undefined) environment.TCP_PORT = String(options.tcpPort);
  if (options.maxClientRequests !== undefined)
    environment.MAX_CLIENT_REQUESTS = String(options.maxClientRequests);
  if (options.tls) {
    environment.TLS_PORT = String(options.tls.port);
    environment.PKI = options.tls.pkiDirectory;
  }
  return environment;
}

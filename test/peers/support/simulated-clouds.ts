import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { OpenStackAccess } from '../../providers/openstack/intruder';
import { startPeer } from './start-peer';
import type { Peer } from './start-peer';

const SCRIPTS = resolve(__dirname, '../cloud-clients/python');
/** Debian's own, for which Debian's clients are installed. */
const PYTHON = '/usr/bin/python3';
const OPENSTACK = '/usr/bin/openstack';

/** What a client saw; a test knows what it asked for. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Seen = any;

/** The simulated EC2 and OpenStack as processes of their own, and clients of them that others wrote. */
export class SimulatedClouds {
  private constructor(
    readonly peer: Peer,
    private readonly endpoint: string,
    private readonly authUrl: string,
  ) {}

  static async start(): Promise<SimulatedClouds> {
    const peer = await startPeer('cloud-clients');
    const urlOf = async (kind: string) => (await readFile(join(peer.dir, kind, 'url'), 'utf8')).trim();
    return new SimulatedClouds(peer, await urlOf('ec2'), await urlOf('openstack'));
  }

  get openstackAccess(): OpenStackAccess {
    return {
      authUrl: this.authUrl,
      username: 'demo',
      password: 'pass',
      project: 'demo',
      domain: 'Default',
    };
  }

  /** Runs `python/NAME.py` with boto3. */
  async boto3(name: string): Promise<Seen> {
    // Without -B the byte code would be written next to the scripts.
    const args = ['-B', join(SCRIPTS, `${name}.py`), this.endpoint, 'AKIASIMULATEDACCOUNT', 'secret'];
    return JSON.parse((await promisify(execFile)(PYTHON, args)).stdout);
  }

  /** Runs a command of OpenStack's that prints something: `server list`. @throws with its error output when it fails */
  async openstack(command: string, ...args: readonly string[]): Promise<Seen> {
    return JSON.parse(await this.run([...command.split(' '), ...args, '--format', 'json']));
  }

  /** Runs one that prints nothing: `server stop`. */
  async openstackQuietly(command: string, ...args: readonly string[]): Promise<void> {
    const printed = await this.run([...command.split(' '), ...args]);
    if (printed.trim() !== '') throw new Error(`openstack ${command} printed ${printed}`);
  }

  /** What it prints when it fails. @throws when it does not */
  async openstackRefusal(environment: Readonly<Record<string, string>>, command: string): Promise<string> {
    const failed = await this.run(command.split(' '), environment).then(
      () => null,
      (error: unknown) => (error as { stderr: string }).stderr,
    );
    if (failed === null) throw new Error(`openstack ${command} has not failed.`);
    return failed;
  }

  stop(): Promise<void> {
    return this.peer.stop();
  }

  private async run(
    args: readonly string[],
    environment: Readonly<Record<string, string>> = {},
  ): Promise<string> {
    const { authUrl, username, password, project, domain } = this.openstackAccess;
    const env = {
      PATH: '/usr/bin:/bin',
      HOME: this.peer.dir,
      LC_ALL: 'C.UTF-8',
      PYTHONDONTWRITEBYTECODE: '1',
      OS_IDENTITY_API_VERSION: '3',
      OS_AUTH_URL: authUrl,
      OS_USERNAME: username,
      OS_PASSWORD: password,
      OS_PROJECT_NAME: project,
      OS_USER_DOMAIN_NAME: domain,
      OS_PROJECT_DOMAIN_NAME: domain,
      ...environment,
    };
    return (await promisify(execFile)(OPENSTACK, args, { env })).stdout;
  }
}

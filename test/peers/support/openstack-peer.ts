import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { OpenStackAccess } from '../../providers/openstack/intruder';

const SCRIPT = resolve(__dirname, '../openstack/peer.sh');
const DIR = resolve(__dirname, '../../../.peers/openstack');

/**
 * The one OpenStack of all tests, which `npm run test:peers -- openstack` starts and stops. A test that is run by hand
 * leaves it running.
 */
export class OpenStackPeer {
  private constructor(private readonly authUrl: string) {}

  /** What runs already is left alone. */
  static async start(): Promise<OpenStackPeer> {
    const output = await peer('start');
    const authUrl = /^reach it: +(\S+)$/m.exec(output)?.[1];
    if (authUrl === undefined) throw new Error(`${SCRIPT} start printed no address:\n${output}`);
    return new OpenStackPeer(authUrl);
  }

  /** Each user has a project of the same name: `demo` with a quota for ten servers, `tiny` with one for a single one. */
  access(user: 'demo' | 'tiny'): OpenStackAccess {
    return {
      authUrl: this.authUrl,
      username: user,
      password: 'hypergate',
      project: user,
      domain: 'Default',
    };
  }

  /** SIGKILL for nova-compute alone; the API goes on accepting work for it. */
  async killCompute(): Promise<void> {
    await peer('kill-compute');
  }

  async startCompute(): Promise<void> {
    await peer('start-compute');
  }

  /** Has the conductor stand still, so that creations are accepted and nothing more; @returns what lets it go on. */
  async holdConductor(): Promise<() => void> {
    const pid = Number(await readFile(join(DIR, 'run/nova-conductor.pid'), 'utf8'));
    process.kill(pid, 'SIGSTOP');
    return () => process.kill(pid, 'SIGCONT');
  }
}

async function peer(action: string): Promise<string> {
  return (await promisify(execFile)('bash', [SCRIPT, action, DIR])).stdout;
}

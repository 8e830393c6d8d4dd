import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';

const SCRIPT = resolve(__dirname, '../galera/peer.sh');
const DIR = resolve(__dirname, '../../../.peers/galera');

/**
 * The one Galera cluster of all tests, which `npm run test:peers -- galera` starts and stops. A test that is run by hand
 * leaves it running.
 */
export class Galera {
  private constructor(
    /** `mysql://…/hypergate` of each node, the first one first; databases whose names begin with `hypergate` may be made. */
    readonly urls: readonly string[],
  ) {}

  /** Starts the nodes that do not run. */
  static async start(): Promise<Galera> {
    const output = await peer('start');
    const urls = [...output.matchAll(/^reach node \d: +(\S+)$/gm)].map(([, url]) => url ?? '');
    if (urls.length !== 3) throw new Error(`${SCRIPT} start printed no three addresses:\n${output}`);
    return new Galera(urls);
  }

  /** SIGKILL. @param node from 1 */
  async killNode(node: number): Promise<void> {
    await peer('kill-node', String(node));
  }

  /** Resolves when it has caught up. */
  async startNode(node: number): Promise<void> {
    await peer('start-node', String(node));
  }
}

async function peer(action: string, ...args: readonly string[]): Promise<string> {
  return (await promisify(execFile)('bash', [SCRIPT, action, DIR, ...args])).stdout;
}

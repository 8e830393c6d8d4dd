import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startPeer } from '../support/start-peer';
import type { Peer } from '../support/start-peer';

jest.setTimeout(120_000);

const execute = promisify(execFile);
const SESSION = join(__dirname, 'boto3_session.py');

/** The script asserts what it sees; it says so when it has come to its end. */
async function session({ address }: Peer): Promise<string> {
  const connection = [address, 'eu-central-1', 'AKIASIMULATEDACCOUNT', 'secret'];
  return (await execute('python3', [SESSION, ...connection])).stdout;
}

describe('boto3 and the simulated EC2', () => {
  test('takes instances and networks through their lives, with paginators and waiters', async () => {
    const peer = await startPeer('ec2-simulator');
    try {
      expect(await session(peer)).toMatch(/^boto3 \S+ ok\n$/);
    } finally {
      await peer.stop();
    }
  });
});

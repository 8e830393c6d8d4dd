import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** What every peer.sh understands, and what some do besides; `start` over an existing folder goes on with what is in it. */
export type PeerAction = 'start' | 'stop' | 'kill' | 'reload';

export interface Peer {
  /** What `peer.sh start` printed after `reach it:`. */
  readonly address: string;
  /** The folder that holds everything of this instance. */
  readonly dir: string;
  run(action: PeerAction): Promise<void>;
  /** Stops the instance and removes its folder. */
  stop(): Promise<void>;
}

/** Starts the peer `test/peers/NAME` in a new folder of `parent`; `npm run test:peers` has installed its packages. */
export async function startPeer(name: string, parent = tmpdir()): Promise<Peer> {
  const script = join(__dirname, '..', name, 'peer.sh');
  const dir = await mkdtemp(join(parent, `hypergate-${name}-`));
  const killOnExit = (): void => {
    execFileSync('bash', [script, 'kill', dir]);
  };
  // A test run that is cut short must not leave a server behind.
  process.once('exit', killOnExit);
  const run = async (action: PeerAction): Promise<string> => {
    const { stdout } = await execute('bash', [script, action, dir]);
    return stdout;
  };
  const stop = async (): Promise<void> => {
    await run('stop');
    process.removeListener('exit', killOnExit);
    await rm(dir, { recursive: true, force: true });
  };
  const output = await run('start').catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  const address = /^reach it: +(\S+)$/m.exec(output)?.[1];
  if (address === undefined) throw new Error(`${script} start printed no address:\n${output}`);
  return { address, dir, stop, run: async (action) => void (await run(action)) };
}

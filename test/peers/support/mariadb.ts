import { statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { startPeer } from './start-peer';

const IN_MEMORY = '/dev/shm';
/** What the data of an instance may grow to in a test, in bytes; containers often have far less there. */
const ROOM = 1_000_000_000;

export interface Mariadb {
  /** `mysql://…/hypergate`; the user may create further databases whose names begin with `hypergate`. */
  readonly url: string;
  /** SIGKILL, as a crash would. What was committed is there after `restart()`. */
  kill(): Promise<void>;
  /** Starts it again over the same data and on the same port. */
  restart(): Promise<void>;
  /** Stops it in good order and removes its data. */
  stop(): Promise<void>;
}

/** A private MariaDB in a folder of its own, answering when this resolves. The caller stops it. */
export async function startMariadb(): Promise<Mariadb> {
  const peer = await startPeer('mariadb', hasRoom() ? IN_MEMORY : tmpdir());
  return {
    url: peer.address,
    kill: () => peer.run('kill'),
    restart: () => peer.run('start'),
    stop: () => peer.stop(),
  };
}

/** What a process has written there survives its SIGKILL as it does on a disk, and no test waits for the disk. */
function hasRoom(): boolean {
  try {
    const { bavail, bsize } = statfsSync(IN_MEMORY);
    return bavail * bsize > ROOM;
  } catch {
    return false;
  }
}

import { startPeer } from './start-peer';

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
  const peer = await startPeer('mariadb');
  return {
    url: peer.address,
    kill: () => peer.run('kill'),
    restart: () => peer.run('start'),
    stop: () => peer.stop(),
  };
}

import { connect, Socket } from 'node:net';

/** A socket to a daemon on this host; it is not yet connected. */
export function connectUnix(path: string): Socket {
  return connect({ path });
}

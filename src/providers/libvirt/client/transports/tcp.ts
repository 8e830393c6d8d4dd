import { connect, Socket } from 'node:net';

/** A socket to a daemon that listens in the clear; it is not yet connected. */
export function connectTcp(host: string, port: number): Socket {
  return connect({ host, port, noDelay: true });
}

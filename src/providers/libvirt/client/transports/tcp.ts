import type { Socket } from 'node:net';
import { connectWithReusedBuffer } from './receive-buffer';

/** A socket to a daemon that listens in the clear; it is not yet connected. */
export function connectTcp(host: string, port: number): Socket {
  return connectWithReusedBuffer({ host, port, noDelay: true });
}

import type { Socket } from 'node:net';
import { connectWithReusedBuffer } from './receive-buffer';

/** A socket to a daemon on this host; it is not yet connected. */
export function connectUnix(path: string): Socket {
  return connectWithReusedBuffer({ path });
}

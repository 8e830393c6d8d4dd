import type { NetConnectOpts, Socket } from 'node:net';
import { connect } from 'node:net';

/** The size of the buffer into which every read of a connection goes. */
export const RECEIVE_BUFFER_BYTES = 65_536;

/**
 * Connects a socket that reads into one buffer, used again for each read: Node would otherwise allocate 64 KiB
 * for every reply of a hundred bytes, a fifth of the CPU time of a call. Hence a piece is valid only
 * while the listeners of `data` run.
 */
export function connectWithReusedBuffer(target: NetConnectOpts): Socket {
  const callback = (count: number, bytes: Uint8Array): boolean => {
    socket.emit('data', (bytes as Buffer).subarray(0, count));
    return true;
  };
  const buffer = Buffer.allocUnsafeSlow(RECEIVE_BUFFER_BYTES);
  const socket: Socket = connect({ ...target, onread: { buffer, callback } });
  return socket;
}

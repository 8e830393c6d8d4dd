import { PROCEDURE } from '../procedures';
import type { Encode } from './caller';
import type { Connector } from './connector';
import { RpcStream } from './rpc-stream';

export interface BulkOptions {
  /** The longest silence of the daemon that is taken for life. Default: the client's time-out of a call. */
  readonly stallTimeoutMs?: number;
  /** Aborts the transfer. */
  readonly signal?: AbortSignal;
}

type StreamProcedure = 'storageVolUpload' | 'storageVolDownload' | 'domainOpenConsole';

/** A stream on a connection of its own, so that bulk data delays nobody's calls. */
export interface BulkStream {
  readonly stream: RpcStream;
  /** Ends the connection; aborts the stream unless it has finished. */
  close(): void;
}

/**
 * Connects without keepalive, since a slow reader pauses this connection, and opens the stream.
 * @throws LibvirtError, LibvirtConnectionError, LibvirtTimeoutError, or the signal's reason
 */
export async function openBulkStream(
  connector: Connector,
  procedure: StreamProcedure,
  encode: Encode,
  options: BulkOptions,
  closing: AbortSignal,
): Promise<BulkStream> {
  const signal = options.signal ? AbortSignal.any([options.signal, closing]) : closing;
  const { connection } = await connector.open(false, signal);
  const stallTimeoutMs = options.stallTimeoutMs ?? connector.callTimeoutMs;
  const number = PROCEDURE[procedure];
  try {
    // The daemon may send the first data before it replies to the call, so that the stream must exist by then.
    let opened: RpcStream | null = null;
    const encodeAndAttach: Encode = (writer, serial) => {
      encode(writer, serial);
      opened = new RpcStream(connection, number, serial, stallTimeoutMs);
    };
    const read = (): RpcStream => opened!;
    const stream = await connection.call(number, encodeAndAttach, read, {
      timeoutMs: stallTimeoutMs,
      signal,
    });
    const onAbort = (): void => stream.abort(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    const close = (): void => {
      signal.removeEventListener('abort', onAbort);
      stream.abort();
      connection.close();
    };
    return { stream, close };
  } catch (error) {
    connection.close();
    throw error;
  }
}

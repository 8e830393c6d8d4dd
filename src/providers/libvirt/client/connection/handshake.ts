import { LibvirtConnectionError } from '../errors';
import type { CallOptions } from '../options';
import { PROCEDURE } from '../procedures';
import type { Version } from '../codecs/connect';
import {
  AUTH_TYPE,
  decodeAuthTypes,
  decodeFlag,
  decodeNothing,
  decodeVersion,
  encodeNothing,
  encodeOpen,
  FEATURE_KEEPALIVE,
  OPEN_READ_ONLY,
} from '../codecs/connect';
import type { RpcConnection } from './rpc-connection';

export interface HandshakeOptions {
  readonly driverUri: string;
  readonly readOnly: boolean;
  /** A connection that will be paused must not have it: the daemon would take the silence for death. */
  readonly keepalive: boolean;
  readonly timeoutMs: number;
}

/**
 * AUTH_LIST, SUPPORTS_FEATURE(keepalive), CONNECT_OPEN, and GET_LIB_VERSION: a socket is there before the
 * daemon's drivers are, so that only the answer to a question proves that it is ready.
 * @returns the version of the daemon's library
 * @throws LibvirtConnectionError, not retriable, where the daemon demands SASL
 * @throws LibvirtError where the daemon refuses, for example an unknown driver
 */
export async function shakeHands(connection: RpcConnection, options: HandshakeOptions): Promise<Version> {
  const limits: CallOptions = { timeoutMs: options.timeoutMs };
  await authenticate(connection, limits);
  if (options.keepalive) {
    const supported = await connection.call(
      PROCEDURE.connectSupportsFeature,
      (writer) => writer.i32(FEATURE_KEEPALIVE),
      decodeFlag,
      limits,
    );
    if (supported) connection.keepalive.start();
  }
  const flags = options.readOnly ? OPEN_READ_ONLY : 0;
  const open = PROCEDURE.connectOpen;
  await connection.call(
    open,
    (writer) => encodeOpen(writer, options.driverUri, flags),
    decodeNothing,
    limits,
  );
  return connection.call(PROCEDURE.connectGetLibVersion, encodeNothing, decodeVersion, limits);
}

async function authenticate(connection: RpcConnection, limits: CallOptions): Promise<void> {
  const types = await connection.call(PROCEDURE.authList, encodeNothing, decodeAuthTypes, limits);
  if (types.length === 0 || types.includes(AUTH_TYPE.NONE)) return;
  if (types.includes(AUTH_TYPE.POLKIT)) {
    await connection.call(PROCEDURE.authPolkit, encodeNothing, decodeFlag, limits);
    return;
  }
  const message = types.includes(AUTH_TYPE.SASL)
    ? 'The daemon demands authentication by SASL, which is not supported: use a UNIX socket or TLS certificates.'
    : `The daemon demands an unknown authentication (${types.join(', ')}).`;
  throw new LibvirtConnectionError(message, { retriable: false });
}

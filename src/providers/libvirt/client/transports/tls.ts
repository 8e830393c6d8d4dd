import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import type { ConnectionOptions, TLSSocket } from 'node:tls';
import { connect } from 'node:tls';
import { LibvirtConnectionError } from '../errors';
import type { TlsFiles } from '../options';
import type { TransportTarget } from '../uri';

type TlsTarget = Extract<TransportTarget, { kind: 'tls' }>;

/** What the daemon sends, as one raw byte, once it has accepted our certificate. */
const ACCEPTED = 0x01;

/**
 * A socket to a daemon over TLS; it is not yet connected. The server's certificate is always verified.
 * @throws LibvirtConnectionError, not retriable, where a file of certificates cannot be read
 */
export async function connectTls(target: TlsTarget, files: TlsFiles): Promise<TLSSocket> {
  const fromPki = (name: string): string | undefined =>
    target.pkiPath === null ? undefined : join(target.pkiPath, name);
  const options: ConnectionOptions = { host: target.host, port: target.port, minVersion: 'TLSv1.2' };
  const serverName = files.serverName ?? target.host;
  if (isIP(serverName) === 0) options.servername = serverName;
  options.ca = await readPem(files.caFile ?? fromPki('cacert.pem'));
  options.cert = await readPem(files.certFile ?? fromPki('clientcert.pem'));
  options.key = await readPem(files.keyFile ?? fromPki('clientkey.pem'));
  const socket = connect(options);
  socket.setNoDelay(true);
  return socket;
}

async function readPem(path: string | undefined): Promise<string | undefined> {
  if (path === undefined) return undefined;
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new LibvirtConnectionError(`Cannot read the certificate file ${path}.`, {
      retriable: false,
      cause,
    });
  }
}

/** Waits for the byte by which the daemon accepts the client; what follows it stays in the socket. */
export function awaitAcceptance(socket: TLSSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (error: LibvirtConnectionError | null): void => {
      socket.off('readable', onReadable).off('close', onClose).off('error', onClose);
      if (error === null) resolve();
      else reject(error);
    };
    const onClose = (): void =>
      settle(
        new LibvirtConnectionError(
          'The daemon closed the TLS connection: it refused our certificate, or wants one.',
        ),
      );
    const onReadable = (): void => {
      const byte = socket.read(1) as Buffer | null;
      if (byte === null) return;
      if (byte[0] === ACCEPTED) settle(null);
      else settle(new LibvirtConnectionError('The daemon refused the TLS client.', { retriable: false }));
    };
    socket.on('readable', onReadable).on('close', onClose).on('error', onClose);
  });
}

import { readFile } from 'node:fs/promises';
import { connect as connectTcp, isIP } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { TLSSocket } from 'node:tls';
import { TransportError } from '../errors';

export interface Endpoint {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  readonly caFile: string | null;
  /** 64 lower-case hexadecimal digits. */
  readonly certificateSha256: string | null;
  readonly connectTimeoutMs: number;
}

/**
 * A connection ready to be written to. Not a byte of a request has gone over it: the certificate is judged before.
 * @throws TransportError UNREACHABLE, TIMEOUT or CERTIFICATE, with nothing sent
 */
export async function connect(endpoint: Endpoint): Promise<Socket> {
  if (!endpoint.tls) return connected(connectTcp({ host: endpoint.host, port: endpoint.port }), endpoint);
  const pin = endpoint.certificateSha256;
  const ca = endpoint.caFile === null ? undefined : await readCertificates(endpoint.caFile);
  const socket = connectTls({
    host: endpoint.host,
    port: endpoint.port,
    minVersion: 'TLSv1.2',
    ALPNProtocols: ['http/1.1'],
    // With a pin the one certificate is checked below instead of the chain.
    rejectUnauthorized: pin === null,
    ...(isIP(endpoint.host) === 0 ? { servername: endpoint.host } : {}),
    ...(ca === undefined ? {} : { ca }),
  });
  await connected(socket, endpoint);
  if (pin !== null) checkPin(socket, pin);
  return socket;
}

function connected(socket: Socket, endpoint: Endpoint): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const event = endpoint.tls ? 'secureConnect' : 'connect';
    const settle = (error: TransportError | null): void => {
      clearTimeout(timer);
      socket.off(event, onReady).off('error', onError).off('close', onClose);
      if (error === null) {
        resolve(socket.setNoDelay(true));
        return;
      }
      // Whoever closes a socket in the middle of a handshake may hear of it once more.
      socket.on('error', () => undefined).destroy();
      reject(error);
    };
    const onReady = (): void => settle(null);
    const onError = (cause: Error): void => settle(describe(cause, socket, endpoint));
    const onClose = (): void => settle(describe(new Error('The connection was closed.'), socket, endpoint));
    const late = new Error(`There was no connection within ${endpoint.connectTimeoutMs} ms.`);
    const timer = setTimeout(
      () => settle(new TransportError('TIMEOUT', late.message, { sent: false })),
      endpoint.connectTimeoutMs,
    );
    socket.once(event, onReady).once('error', onError).once('close', onClose);
  });
}

function describe(cause: Error, socket: Socket, endpoint: Endpoint): TransportError {
  const where = `${endpoint.host}:${endpoint.port}`;
  const verdict: unknown = (socket as Partial<TLSSocket>).authorizationError;
  if (verdict !== undefined && verdict !== null)
    return new TransportError('CERTIFICATE', `The certificate of ${where} is not trusted: ${cause.message}`, {
      sent: false,
      cause,
    });
  return new TransportError('UNREACHABLE', `There is no connection to ${where}: ${cause.message}`, {
    sent: false,
    cause,
  });
}

function checkPin(socket: TLSSocket, pin: string): void {
  const fingerprint = socket.getPeerX509Certificate()?.fingerprint256 ?? '';
  if (fingerprint.replaceAll(':', '').toLowerCase() === pin) return;
  socket.destroy();
  throw new TransportError(
    'CERTIFICATE',
    `The server's certificate is not the pinned one; its SHA-256 fingerprint is ${fingerprint}.`,
    { sent: false },
  );
}

async function readCertificates(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new TransportError('CERTIFICATE', `The certificates in ${path} cannot be read.`, {
      sent: false,
      cause,
    });
  }
}

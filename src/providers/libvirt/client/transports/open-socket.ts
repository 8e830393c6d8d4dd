import { once } from 'node:events';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { LibvirtConnectionError, LibvirtTimeoutError } from '../errors';
import type { TlsFiles } from '../options';
import type { TransportTarget } from '../uri';
import { connectTcp } from './tcp';
import { awaitAcceptance, connectTls } from './tls';
import { connectUnix } from './unix';

/** The place that a target names, for messages. */
export function describeTarget(target: TransportTarget): string {
  return target.kind === 'unix' ? target.path : `${target.host}:${target.port} (${target.kind})`;
}

export interface OpenSocketLimits {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * Connects, up to the point where RPC may begin.
 * @throws LibvirtConnectionError, LibvirtTimeoutError, or the signal's reason; nothing stays open then
 */
export async function openSocket(
  target: TransportTarget,
  files: TlsFiles,
  limits: OpenSocketLimits,
): Promise<Socket> {
  limits.signal.throwIfAborted();
  const socket = await makeSocket(target, files);
  const message = `No connection to ${describeTarget(target)} within ${limits.timeoutMs} ms.`;
  const onTime = (): void => void socket.destroy(new LibvirtTimeoutError(message, limits.timeoutMs, false));
  const onAbort = (): void => void socket.destroy(limits.signal.reason as Error);
  const timer = setTimeout(onTime, limits.timeoutMs);
  limits.signal.addEventListener('abort', onAbort, { once: true });
  try {
    await once(socket, socket instanceof TLSSocket ? 'secureConnect' : 'connect');
    if (socket instanceof TLSSocket) await awaitAcceptance(socket);
    return socket;
  } catch (error) {
    socket.on('error', () => undefined).destroy();
    throw connectFailure(target, error);
  } finally {
    clearTimeout(timer);
    limits.signal.removeEventListener('abort', onAbort);
  }
}

function makeSocket(target: TransportTarget, files: TlsFiles): Socket | Promise<Socket> {
  switch (target.kind) {
    case 'unix':
      return connectUnix(target.path);
    case 'tcp':
      return connectTcp(target.host, target.port);
    case 'tls':
      return connectTls(target, files);
  }
}

function connectFailure(target: TransportTarget, error: unknown): Error {
  if (error instanceof LibvirtConnectionError || error instanceof LibvirtTimeoutError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  const code = (error as { code?: unknown }).code;
  const retriable = !(typeof code === 'string' && /CERT|ALTNAME|SELF_SIGNED|UNABLE_TO/.test(code));
  const message = `Cannot connect to libvirt at ${describeTarget(target)}: ${reason}`;
  return new LibvirtConnectionError(message, { retriable, cause: error });
}

import { LibvirtConnectionError } from './errors';

export type TransportTarget =
  | { readonly kind: 'unix'; readonly path: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | { readonly kind: 'tls'; readonly host: string; readonly port: number; readonly pkiPath: string | null };

export interface ConnectionTarget {
  readonly transport: TransportTarget;
  /** What the daemon is asked to open, for example `qemu:///system`. */
  readonly driverUri: string;
}

const SYSTEM_SOCKET = '/run/libvirt/libvirt-sock';
const TCP_PORT = 16_509;
const TLS_PORT = 16_514;

/** Parameters that concern the way to the daemon; all others are the driver's and are passed on. */
const TRANSPORT_PARAMETERS = [
  'name',
  'socket',
  'pkipath',
  'no_verify',
  'mode',
  'command',
  'netcat',
  'keyfile',
];

function refused(uri: string, why: string): LibvirtConnectionError {
  return new LibvirtConnectionError(`Cannot use the libvirt URI ${JSON.stringify(uri)}: ${why}`, {
    retriable: false,
  });
}

/**
 * Takes a libvirt URI apart: `driver[+transport]://[host[:port]]/path[?parameters]` with the transports unix
 * (the default without a host), tcp, and tls (the default with one).
 * @throws LibvirtConnectionError, not retriable, where the URI is none or asks for what is not supported
 */
export function parseLibvirtUri(uri: string, readOnly = false): ConnectionTarget {
  if (!URL.canParse(uri)) throw refused(uri, 'it is not a URI.');
  const url = new URL(uri);
  const [driver, transport = url.hostname === '' ? 'unix' : 'tls'] = url.protocol.slice(0, -1).split('+');
  if (!driver) throw refused(uri, 'it names no driver.');
  if (url.username !== '') throw refused(uri, 'it names a user, which belongs to ssh and SASL only.');
  if (url.searchParams.get('no_verify') === '1') throw refused(uri, 'certificates are always verified.');
  return { transport: transportOf(uri, url, transport, readOnly), driverUri: driverUriOf(url, driver) };
}

function transportOf(uri: string, url: URL, transport: string, readOnly: boolean): TransportTarget {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  switch (transport) {
    case 'unix':
      if (host !== '') throw refused(uri, 'the transport unix has no host.');
      return { kind: 'unix', path: url.searchParams.get('socket') ?? defaultSocket(uri, url, readOnly) };
    case 'tcp':
    case 'tls':
      if (host === '') throw refused(uri, `the transport ${transport} needs a host.`);
      if (transport === 'tcp') return { kind: 'tcp', host, port: portOf(url, TCP_PORT) };
      return { kind: 'tls', host, port: portOf(url, TLS_PORT), pkiPath: url.searchParams.get('pkipath') };
    default:
      throw refused(
        uri,
        `the transport ${JSON.stringify(transport)} is not supported; use unix, tcp or tls.`,
      );
  }
}

function defaultSocket(uri: string, url: URL, readOnly: boolean): string {
  if (url.pathname === '/session') throw refused(uri, 'a session daemon needs the parameter socket.');
  return readOnly ? `${SYSTEM_SOCKET}-ro` : SYSTEM_SOCKET;
}

function portOf(url: URL, standard: number): number {
  return url.port === '' ? standard : Number(url.port);
}

function driverUriOf(url: URL, driver: string): string {
  const name = url.searchParams.get('name');
  if (name !== null) return name;
  const kept = [...url.searchParams].filter(([key]) => !TRANSPORT_PARAMETERS.includes(key));
  const query = kept.length === 0 ? '' : `?${new URLSearchParams(kept).toString()}`;
  return `${driver}://${url.pathname === '' ? '/' : url.pathname}${query}`;
}

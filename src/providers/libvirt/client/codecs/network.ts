/**
 * Messages about networks:
 *
 *     LIST_ALL         { int need_results; u32 flags; }                 -> { network<>; u32 count; }
 *     DEFINE_XML       { string xml; }                                  -> { network }
 *     GET_DHCP_LEASES  { network; string *mac; int need_results; u32 flags; }
 *                      -> { { string iface; hyper expiry; int type; string *mac; string *iaid; string addr;
 *                             u32 prefix; string *hostname; string *clientid; }<>; u32 count; }
 */
import type { XdrReader } from '../wire/xdr-reader';
import type { XdrWriter } from '../wire/xdr-writer';
import type { NetworkRef } from './objects';
import { decodeNamed, encodeNamed } from './objects';

export interface DhcpLease {
  /** The bridge on the host. */
  readonly interfaceName: string;
  /** Seconds since 1970; 0 where the lease never ends. */
  readonly expiresAtSeconds: number;
  readonly family: 'ipv4' | 'ipv6';
  readonly mac: string | null;
  readonly address: string;
  readonly prefix: number;
  readonly hostname: string | null;
  readonly clientId: string | null;
}

export function decodeNetworkList(reader: XdrReader): NetworkRef[] {
  return reader.list(decodeNamed);
}

export function encodeDhcpLeasesQuery(writer: XdrWriter, network: NetworkRef, mac: string | null): void {
  encodeNamed(writer, network);
  writer.optionalString(mac);
  writer.i32(1);
  writer.u32(0);
}

function decodeLease(reader: XdrReader): DhcpLease {
  const interfaceName = reader.string();
  const expiresAtSeconds = Number(reader.i64());
  const family = reader.i32() === 0 ? 'ipv4' : 'ipv6';
  const mac = reader.optionalString();
  reader.optionalString(); // The identity association of DHCPv6.
  return {
    interfaceName,
    expiresAtSeconds,
    family,
    mac,
    address: reader.string(),
    prefix: reader.u32(),
    hostname: reader.optionalString(),
    clientId: reader.optionalString(),
  };
}

export function decodeLeases(reader: XdrReader): DhcpLease[] {
  return reader.list(decodeLease);
}

/**
 * Messages about domains. Arguments that are one reference and one word of flags are written by
 * `encodeDomainAndFlags`; the others:
 *
 *     LIST_ALL            { int need_results; u32 flags; }            -> { domain<>; u32 count; }
 *     GET_INFO            { domain }       -> { unsigned char state; unsigned hyper maxKib; unsigned hyper kib;
 *                                               unsigned short vcpus; unsigned hyper cpuTimeNs; }
 *     GET_STATE           { domain; u32 flags; }                      -> { int state; int reason; }
 *     GET_BLOCK_INFO      { domain; string path; u32 flags; }
 *                         -> { unsigned hyper allocation; unsigned hyper capacity; unsigned hyper physical; }
 *     INTERFACE_ADDRESSES { domain; u32 source; u32 flags; }
 *                         -> { { string name; string *hwaddr; { int type; string addr; u32 prefix; }<>; }<>; }
 *     GET_ALL_STATS       { domain<>; u32 stats; u32 flags; }         -> { { domain; param<>; }<>; }
 *     SET_METADATA        { domain; int type; string *metadata; string *key; string *uri; u32 flags; }
 *     GET_METADATA        { domain; int type; string *uri; u32 flags; } -> { string; }
 *
 * `char` and `short` take four bytes in XDR.
 */
import type { XdrReader } from '../wire/xdr-reader';
import type { XdrWriter } from '../wire/xdr-writer';
import type { DomainRef } from './objects';
import { decodeDomain, encodeDomain } from './objects';
import type { TypedParamValue } from './typed-params';
import { decodeTypedParams } from './typed-params';

export interface DomainInfo {
  /** See `DOMAIN_STATE`. */
  readonly state: number;
  readonly maxMemoryKib: number;
  readonly memoryKib: number;
  readonly vcpus: number;
  /** CPU time spent since the start, in nanoseconds. */
  readonly cpuTimeNs: bigint;
}

export interface DomainState {
  /** See `DOMAIN_STATE`. */
  readonly state: number;
  /** Why; the numbers depend on the state (`virDomain*Reason`). */
  readonly reason: number;
}

export interface DomainBlockInfo {
  /** What the guest sees. */
  readonly capacityBytes: number;
  /** The highest offset in use. */
  readonly allocationBytes: number;
  /** What the file takes on the host. */
  readonly physicalBytes: number;
}

export interface DomainAddress {
  readonly family: 'ipv4' | 'ipv6';
  readonly address: string;
  readonly prefix: number;
}

export interface DomainInterface {
  /** The host's name of the interface (`vnet3`) where the source is LEASE. */
  readonly name: string;
  readonly mac: string | null;
  readonly addresses: readonly DomainAddress[];
}

export interface DomainStats {
  readonly domain: DomainRef;
  /** For example `state.state`, `cpu.time`, `block.0.capacity`. */
  readonly stats: ReadonlyMap<string, TypedParamValue>;
}

export function encodeDomainAndFlags(writer: XdrWriter, domain: DomainRef, flags: number): void {
  encodeDomain(writer, domain);
  writer.u32(flags);
}

/** Every list call: the first word says that the list itself is wanted and not only its length. */
export function encodeListAll(writer: XdrWriter, flags: number): void {
  writer.i32(1);
  writer.u32(flags);
}

export function decodeDomainList(reader: XdrReader): DomainRef[] {
  return reader.list(decodeDomain);
}

export function decodeDomainInfo(reader: XdrReader): DomainInfo {
  return {
    state: reader.u32(),
    maxMemoryKib: reader.u64AsNumber(),
    memoryKib: reader.u64AsNumber(),
    vcpus: reader.u32(),
    cpuTimeNs: reader.u64(),
  };
}

export function decodeDomainState(reader: XdrReader): DomainState {
  return { state: reader.i32(), reason: reader.i32() };
}

export function decodeBlockInfo(reader: XdrReader): DomainBlockInfo {
  const allocationBytes = reader.u64AsNumber();
  return { allocationBytes, capacityBytes: reader.u64AsNumber(), physicalBytes: reader.u64AsNumber() };
}

function decodeAddress(reader: XdrReader): DomainAddress {
  const family = reader.i32() === 0 ? 'ipv4' : 'ipv6';
  return { family, address: reader.string(), prefix: reader.u32() };
}

export function decodeInterfaces(reader: XdrReader): DomainInterface[] {
  return reader.list((entry) => ({
    name: entry.string(),
    mac: entry.optionalString(),
    addresses: entry.list(decodeAddress),
  }));
}

export function decodeStats(reader: XdrReader): DomainStats[] {
  return reader.list((entry) => ({ domain: decodeDomain(entry), stats: decodeTypedParams(entry) }));
}

/**
 * Messages of the connection and the host:
 *
 *     AUTH_LIST          ()                          -> { int types<20>; }
 *     AUTH_POLKIT        ()                          -> { int complete; }
 *     SUPPORTS_FEATURE   { int feature; }            -> { int supported; }
 *     CONNECT_OPEN       { string *name; u32 flags; } -> ()
 *     GET_VERSION        ()                          -> { unsigned hyper version; }
 *     GET_LIB_VERSION    ()                          -> { unsigned hyper version; }
 *     GET_HOSTNAME, GET_TYPE, GET_CAPABILITIES ()    -> { string; }
 *     NODE_GET_INFO      ()                          -> { char model[32]; unsigned hyper memory; int cpus;
 *                                                         int mhz; int nodes; int sockets; int cores; int threads; }
 *     NODE_GET_FREE_MEMORY ()                        -> { unsigned hyper bytes; }
 */
import type { XdrReader } from '../wire/xdr-reader';
import type { XdrWriter } from '../wire/xdr-writer';

export const AUTH_TYPE = { NONE: 0, SASL: 1, POLKIT: 2 } as const;

/** `VIR_DRV_FEATURE_PROGRAM_KEEPALIVE`: asking for it arms the server's own keepalive too. */
export const FEATURE_KEEPALIVE = 10;

/** `VIR_CONNECT_RO`. */
export const OPEN_READ_ONLY = 1;

export interface NodeInfo {
  /** CPU model or architecture, for example `x86_64`. */
  readonly model: string;
  readonly memoryKib: number;
  /** Active logical CPUs. */
  readonly cpus: number;
  /** 0 where unknown. */
  readonly mhz: number;
  /** NUMA cells. */
  readonly numaNodes: number;
  readonly socketsPerNode: number;
  readonly coresPerSocket: number;
  readonly threadsPerCore: number;
}

/** libvirt counts versions as major * 1,000,000 + minor * 1,000 + release. */
export interface Version {
  readonly number: number;
  /** For example `9.0.0`. */
  readonly text: string;
}

export function encodeNothing(): void {
  // Most calls about the connection have no arguments.
}

export function decodeNothing(): void {
  // An empty reply says only that the call succeeded.
}

export function decodeAuthTypes(reader: XdrReader): number[] {
  return reader.list((entry) => entry.i32());
}

export function encodeOpen(writer: XdrWriter, driverUri: string, flags: number): void {
  writer.optionalString(driverUri);
  writer.u32(flags);
}

export function decodeFlag(reader: XdrReader): boolean {
  return reader.i32() !== 0;
}

export function decodeVersion(reader: XdrReader): Version {
  const number = reader.u64AsNumber();
  const text = [Math.floor(number / 1e6), Math.floor(number / 1e3) % 1e3, number % 1e3].join('.');
  return { number, text };
}

export function decodeText(reader: XdrReader): string {
  return reader.string();
}

export function decodeNodeInfo(reader: XdrReader): NodeInfo {
  return {
    model: reader.charVector(32),
    memoryKib: reader.u64AsNumber(),
    cpus: reader.i32(),
    mhz: reader.i32(),
    numaNodes: reader.i32(),
    socketsPerNode: reader.i32(),
    coresPerSocket: reader.i32(),
    threadsPerCore: reader.i32(),
  };
}

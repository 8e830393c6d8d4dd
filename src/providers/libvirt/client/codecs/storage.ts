/**
 * Messages about storage pools and their volumes:
 *
 *     POOL_LIST_ALL    { int need_results; u32 flags; }               -> { pool<>; u32 count; }
 *     POOL_GET_INFO    { pool }  -> { unsigned char state; unsigned hyper capacity; unsigned hyper allocation;
 *                                     unsigned hyper available; }
 *     VOL_LIST_ALL     { pool; int need_results; u32 flags; }         -> { volume<>; u32 count; }
 *     VOL_GET_INFO     { volume } -> { char type; unsigned hyper capacity; unsigned hyper allocation; }
 *     VOL_CREATE_XML_FROM { pool; string xml; volume source; u32 flags; } -> { volume }
 *     VOL_UPLOAD, VOL_DOWNLOAD { volume; unsigned hyper offset; unsigned hyper length; u32 flags; }
 *
 * `char` takes four bytes in XDR.
 */
import type { XdrReader } from '../wire/xdr-reader';
import type { XdrWriter } from '../wire/xdr-writer';
import type { PoolRef, VolumeRef } from './objects';
import { decodeNamed, decodeVolume, encodeVolume } from './objects';

export interface PoolInfo {
  /** See `POOL_STATE`. */
  readonly state: number;
  readonly capacityBytes: number;
  readonly allocationBytes: number;
  readonly availableBytes: number;
}

export interface VolumeInfo {
  /** FILE 0, BLOCK 1, DIR 2, NETWORK 3, NETDIR 4, PLOOP 5. */
  readonly type: number;
  /** What a guest sees. */
  readonly capacityBytes: number;
  /** What it takes on the host. */
  readonly allocationBytes: number;
}

export function decodePoolList(reader: XdrReader): PoolRef[] {
  return reader.list(decodeNamed);
}

export function decodePoolInfo(reader: XdrReader): PoolInfo {
  return {
    state: reader.u32(),
    capacityBytes: reader.u64AsNumber(),
    allocationBytes: reader.u64AsNumber(),
    availableBytes: reader.u64AsNumber(),
  };
}

export function decodeVolumeList(reader: XdrReader): VolumeRef[] {
  return reader.list(decodeVolume);
}

export function decodeVolumeInfo(reader: XdrReader): VolumeInfo {
  return {
    type: reader.i32(),
    capacityBytes: reader.u64AsNumber(),
    allocationBytes: reader.u64AsNumber(),
  };
}

export function encodeTransfer(writer: XdrWriter, volume: VolumeRef, offset: number, length: number): void {
  encodeVolume(writer, volume);
  writer.u64(offset);
  writer.u64(length);
  writer.u32(0);
}

/**
 * The fields of a qcow2 header that say whether the image stands on its own. All numbers are big-endian:
 *
 *      0  "QFI\xfb"     4  u32 version     8  u64 offset of the backing file's name, 0 for none
 *     16  u32 length of that name         24  u64 virtual size in bytes
 *     72  u64 incompatible features (version 3): bit 2 says that the data lies in another file
 */
export interface Qcow2Header {
  readonly version: number;
  readonly hasBackingFile: boolean;
  readonly hasExternalDataFile: boolean;
  readonly capacityBytes: number;
}

export const QCOW2_HEADER_BYTES = 80;

const MAGIC = 0x514649fb;
const EXTERNAL_DATA_FILE = 4n;

/** Null where these are not the first bytes of a qcow2 image. */
export function readQcow2Header(bytes: Buffer): Qcow2Header | null {
  if (bytes.length < 72 || bytes.readUInt32BE(0) !== MAGIC) return null;
  const version = bytes.readUInt32BE(4);
  const features = version >= 3 && bytes.length >= QCOW2_HEADER_BYTES ? bytes.readBigUInt64BE(72) : 0n;
  return {
    version,
    hasBackingFile: bytes.readBigUInt64BE(8) !== 0n,
    hasExternalDataFile: (features & EXTERNAL_DATA_FILE) !== 0n,
    capacityBytes: Number(bytes.readBigUInt64BE(24)),
  };
}

import { bothEndian16, bothEndian32, padToSector, UNSPECIFIED_TIME_SHORT } from './iso9660-fields';

/** One file or directory where its content lies. */
export interface Extent {
  readonly sector: number;
  readonly bytes: number;
}

export interface DirectoryFile {
  /** As one of the two trees writes it. */
  readonly identifier: Buffer;
  /** For Rock Ridge; null in the Joliet tree, which has long names of its own. */
  readonly posixName: string | null;
  readonly extent: Extent;
}

const DIRECTORY_FLAG = 2;
const MODE_FILE = 0o100444;
const MODE_DIRECTORY = 0o040555;

/** A root directory without subdirectories (ECMA-119, 9.1): itself, its parent (itself too), then its files. */
export function rootDirectory(self: Extent, files: readonly DirectoryFile[]): Buffer {
  const rockRidge = files.some((file) => file.posixName !== null);
  const sorted = [...files].sort((a, b) => Buffer.compare(a.identifier, b.identifier));
  const records = [
    directoryRecord(self, DIRECTORY_FLAG, Buffer.from([0]), rockRidge ? rootSystemUse() : Buffer.alloc(0)),
    directoryRecord(
      self,
      DIRECTORY_FLAG,
      Buffer.from([1]),
      rockRidge ? posixAttributes(MODE_DIRECTORY, 2) : Buffer.alloc(0),
    ),
    ...sorted.map((file) => directoryRecord(file.extent, 0, file.identifier, fileSystemUse(file.posixName))),
  ];
  return padToSector(Buffer.concat(records));
}

/** The record that a volume descriptor holds of its root directory. */
export function rootRecord(self: Extent): Buffer {
  return directoryRecord(self, DIRECTORY_FLAG, Buffer.from([0]), Buffer.alloc(0));
}

function directoryRecord(extent: Extent, flags: number, identifier: Buffer, systemUse: Buffer): Buffer {
  // The system use field begins at an even offset.
  const padding = identifier.length % 2 === 0 ? 1 : 0;
  const length = 33 + identifier.length + padding + systemUse.length;
  const evenLength = length + (length % 2);
  const record = Buffer.concat([
    Buffer.from([evenLength, 0]),
    bothEndian32(extent.sector),
    bothEndian32(extent.bytes),
    UNSPECIFIED_TIME_SHORT,
    Buffer.from([flags, 0, 0]),
    bothEndian16(1),
    Buffer.from([identifier.length]),
    identifier,
    Buffer.alloc(padding),
    systemUse,
  ]);
  return Buffer.concat([record, Buffer.alloc(evenLength - length)]);
}

/** SUSP's SP announces the extensions, ER says that they are Rock Ridge's. */
function rootSystemUse(): Buffer {
  const identifier = Buffer.from('RRIP_1991A', 'latin1');
  const announce = Buffer.from([0x53, 0x50, 7, 1, 0xbe, 0xef, 0]);
  const extension = Buffer.concat([
    Buffer.from([0x45, 0x52, 8 + identifier.length, 1, identifier.length, 0, 0, 1]),
    identifier,
  ]);
  return Buffer.concat([announce, posixAttributes(MODE_DIRECTORY, 2), extension]);
}

function fileSystemUse(posixName: string | null): Buffer {
  if (posixName === null) return Buffer.alloc(0);
  const name = Buffer.from(posixName, 'latin1');
  const alternateName = Buffer.concat([Buffer.from([0x4e, 0x4d, 5 + name.length, 1, 0]), name]);
  return Buffer.concat([posixAttributes(MODE_FILE, 1), alternateName]);
}

/** Rock Ridge's PX: mode, links, user and group (root). */
function posixAttributes(mode: number, links: number): Buffer {
  return Buffer.concat([
    Buffer.from([0x50, 0x58, 36, 1]),
    bothEndian32(mode),
    bothEndian32(links),
    bothEndian32(0),
    bothEndian32(0),
  ]);
}

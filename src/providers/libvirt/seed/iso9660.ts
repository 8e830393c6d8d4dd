import { rootDirectory, rootRecord } from './iso9660-directory';
import type { DirectoryFile, Extent } from './iso9660-directory';
import {
  bothEndian16,
  bothEndian32,
  paddedText,
  paddedUcs2,
  padToSector,
  SECTOR_BYTES,
  sectorsOf,
  ucs2,
  UNSPECIFIED_TIME_LONG,
} from './iso9660-fields';

export interface IsoFile {
  /** Lower-case letters, digits, `-`, `_` and `.`; at most 64 characters. */
  readonly name: string;
  readonly content: Buffer;
}

const FILE_NAME = /^[a-z0-9_.-]{1,64}$/;

/** The first 16 sectors belong to the machine's boot code; then come the descriptors, tables and directories. */
const SECTOR = {
  primary: 16,
  joliet: 17,
  terminator: 18,
  primaryPathLittle: 19,
  primaryPathBig: 20,
  jolietPathLittle: 21,
  jolietPathBig: 22,
  primaryRoot: 23,
  jolietRoot: 24,
  firstFile: 25,
} as const;

const PATH_TABLE_BYTES = 10;

/** Joliet level 3, in the escape sequences of its volume descriptor. */
const JOLIET_ESCAPES = '%/E';

/**
 * Writes an ISO 9660 image with one directory. The names survive twice, by Rock Ridge and by Joliet, because
 * guests differ in what they read. The same files give the same bytes.
 */
export function iso9660Image(volumeId: string, files: readonly IsoFile[]): Buffer {
  const placed = placeFiles(files);
  const primaryRoot: Extent = { sector: SECTOR.primaryRoot, bytes: SECTOR_BYTES };
  const jolietRoot: Extent = { sector: SECTOR.jolietRoot, bytes: SECTOR_BYTES };
  const last = placed.at(-1);
  const totalSectors = last ? last.extent.sector + sectorsOf(last.extent.bytes) : SECTOR.firstFile;
  const sectors = [
    Buffer.alloc(SECTOR.primary * SECTOR_BYTES),
    volumeDescriptor({ joliet: false, volumeId, totalSectors, root: primaryRoot }),
    volumeDescriptor({ joliet: true, volumeId, totalSectors, root: jolietRoot }),
    padToSector(Buffer.concat([Buffer.from([255]), Buffer.from('CD001', 'latin1'), Buffer.from([1])])),
    pathTable(primaryRoot.sector, 'little'),
    pathTable(primaryRoot.sector, 'big'),
    pathTable(jolietRoot.sector, 'little'),
    pathTable(jolietRoot.sector, 'big'),
    oneSector(rootDirectory(primaryRoot, placed.map(primaryEntry))),
    oneSector(rootDirectory(jolietRoot, placed.map(jolietEntry))),
    ...placed.map((file) => padToSector(file.content)),
  ];
  return Buffer.concat(sectors);
}

interface PlacedFile extends IsoFile {
  readonly extent: Extent;
}

function placeFiles(files: readonly IsoFile[]): PlacedFile[] {
  let sector: number = SECTOR.firstFile;
  return files.map((file) => {
    if (!FILE_NAME.test(file.name))
      throw new TypeError(`Not a file name for a seed image: ${JSON.stringify(file.name)}`);
    const extent = { sector, bytes: file.content.length };
    sector += sectorsOf(file.content.length);
    return { ...file, extent };
  });
}

/** Level 1 of ISO 9660 allows 8.3 upper-case characters; a number keeps shortened names apart. */
function primaryEntry(file: PlacedFile, index: number): DirectoryFile {
  const short = file.name
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, '_')
    .slice(0, 7);
  return {
    identifier: Buffer.from(`${short}${index}.;1`, 'latin1'),
    posixName: file.name,
    extent: file.extent,
  };
}

function jolietEntry(file: PlacedFile): DirectoryFile {
  return { identifier: ucs2(file.name), posixName: null, extent: file.extent };
}

interface Descriptor {
  readonly joliet: boolean;
  readonly volumeId: string;
  readonly totalSectors: number;
  readonly root: Extent;
}

/** ECMA-119, 8.4 (primary) and 8.5 (supplementary, which Joliet is). */
function volumeDescriptor({ joliet, volumeId, totalSectors, root }: Descriptor): Buffer {
  const text = joliet ? paddedUcs2 : paddedText;
  const littleTable = Buffer.alloc(4);
  littleTable.writeUInt32LE(joliet ? SECTOR.jolietPathLittle : SECTOR.primaryPathLittle);
  const bigTable = Buffer.alloc(4);
  bigTable.writeUInt32BE(joliet ? SECTOR.jolietPathBig : SECTOR.primaryPathBig);
  return padToSector(
    Buffer.concat([
      Buffer.from([joliet ? 2 : 1]),
      Buffer.from('CD001', 'latin1'),
      Buffer.from([1, 0]),
      text('LINUX', 32),
      text(volumeId, 32),
      Buffer.alloc(8),
      bothEndian32(totalSectors),
      Buffer.concat([Buffer.from(joliet ? JOLIET_ESCAPES : '', 'latin1'), Buffer.alloc(32)], 32),
      bothEndian16(1),
      bothEndian16(1),
      bothEndian16(SECTOR_BYTES),
      bothEndian32(PATH_TABLE_BYTES),
      littleTable,
      Buffer.alloc(4),
      bigTable,
      Buffer.alloc(4),
      rootRecord(root),
      // Set, publisher, preparer, application: 128 bytes each; copyright, abstract, bibliography: 37 each.
      text('', 4 * 128),
      joliet ? Buffer.concat([paddedUcs2('', 110), Buffer.alloc(1)]) : paddedText('', 111),
      UNSPECIFIED_TIME_LONG,
      UNSPECIFIED_TIME_LONG,
      UNSPECIFIED_TIME_LONG,
      UNSPECIFIED_TIME_LONG,
      Buffer.from([1, 0]),
    ]),
  );
}

/** The table of all directories: the root alone (ECMA-119, 9.4). */
function pathTable(rootSector: number, order: 'little' | 'big'): Buffer {
  const table = Buffer.alloc(PATH_TABLE_BYTES);
  table[0] = 1;
  if (order === 'little') {
    table.writeUInt32LE(rootSector, 2);
    table.writeUInt16LE(1, 6);
  } else {
    table.writeUInt32BE(rootSector, 2);
    table.writeUInt16BE(1, 6);
  }
  return padToSector(table);
}

function oneSector(directory: Buffer): Buffer {
  if (directory.length > SECTOR_BYTES) throw new RangeError('A seed image holds only a handful of files.');
  return directory;
}

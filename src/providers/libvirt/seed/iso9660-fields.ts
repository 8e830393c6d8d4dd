/** Field encodings of ECMA-119 (ISO 9660), section 7. */

export const SECTOR_BYTES = 2048;

/** A 32-bit number in both byte orders, one after the other. */
export function bothEndian32(value: number): Buffer {
  const field = Buffer.alloc(8);
  field.writeUInt32LE(value, 0);
  field.writeUInt32BE(value, 4);
  return field;
}

/** A 16-bit number in both byte orders, one after the other. */
export function bothEndian16(value: number): Buffer {
  const field = Buffer.alloc(4);
  field.writeUInt16LE(value, 0);
  field.writeUInt16BE(value, 2);
  return field;
}

/** ASCII text filled up with blanks. */
export function paddedText(text: string, length: number): Buffer {
  return Buffer.from(text.padEnd(length).slice(0, length), 'latin1');
}

/** UCS-2 text, most significant byte first, filled up with blanks: how Joliet writes every name. */
export function paddedUcs2(text: string, length: number): Buffer {
  return ucs2(text.padEnd(length / 2).slice(0, length / 2));
}

export function ucs2(text: string): Buffer {
  return Buffer.from(text, 'utf16le').swap16();
}

/** A date and time that says "not specified": equal files make equal images. */
export const UNSPECIFIED_TIME_LONG = Buffer.concat([Buffer.from('0'.repeat(16), 'latin1'), Buffer.alloc(1)]);
export const UNSPECIFIED_TIME_SHORT = Buffer.alloc(7);

export function sectorsOf(bytes: number): number {
  return Math.ceil(bytes / SECTOR_BYTES);
}

export function padToSector(content: Buffer): Buffer {
  return Buffer.concat([content, Buffer.alloc(sectorsOf(content.length) * SECTOR_BYTES - content.length)]);
}

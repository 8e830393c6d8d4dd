import { createCipheriv, createDecipheriv } from 'node:crypto';
import { AppError } from '../kernel';

const ALGORITHM = 'aes-128-ecb';
/** Fills the block's first half; what does not decrypt to it was not made here. */
const SEAL = 0x68_79_70_65_72_67_61_74n;

/**
 * Seals positions into opaque cursors. A bare position would tell a tenant how busy all the others are, and
 * could be guessed; one AES block hides it and refuses forgeries. ECB is sound for a single block.
 */
export class EventCursors {
  /** @param key 16 bytes, the same in every process of an installation */
  constructor(private readonly key: Buffer) {}

  encode(position: number): string {
    const block = Buffer.alloc(16);
    block.writeBigUInt64BE(SEAL, 0);
    block.writeBigUInt64BE(BigInt(position), 8);
    const cipher = createCipheriv(ALGORITHM, this.key, null).setAutoPadding(false);
    return Buffer.concat([cipher.update(block), cipher.final()]).toString('base64url');
  }

  /** @throws INVALID_ARGUMENT naming `field` */
  decode(cursor: string, field: string): number {
    const bytes = /^[\w-]{22}$/.test(cursor) ? Buffer.from(cursor, 'base64url') : Buffer.alloc(0);
    if (bytes.length === 16) {
      const decipher = createDecipheriv(ALGORITHM, this.key, null).setAutoPadding(false);
      const block = Buffer.concat([decipher.update(bytes), decipher.final()]);
      if (block.readBigUInt64BE(0) === SEAL) return Number(block.readBigUInt64BE(8));
    }
    throw new AppError('INVALID_ARGUMENT', `${field}: this is not a cursor of this installation.`, {
      details: { field },
    });
  }
}

import { createHash, hkdfSync, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { Role } from '../kernel';

/** A tenant's API token as it is kept: the secret itself is shown once and never stored. */
export interface ApiToken {
  readonly id: string;
  readonly tenantId: string;
  readonly name: string;
  readonly role: Role;
  /** Milliseconds since the epoch, like the others. */
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly lastUsedAt: number | null;
  readonly revokedAt: number | null;
}

const PREFIX = 'hgt_';
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const RANDOM_LENGTH = 30;
const CHECKSUM_LENGTH = 6;

function checksumOf(random: string): string {
  let rest = crc32(random);
  let text = '';
  while (text.length < CHECKSUM_LENGTH) {
    text = (ALPHABET[rest % ALPHABET.length] ?? '0') + text;
    rest = Math.floor(rest / ALPHABET.length);
  }
  return text;
}

/**
 * A secret: the prefix `hgt_`, 30 random base62 characters (178 bits) and their CRC-32 in 6 base62 characters, so that
 * scanners recognise it and a typing error is refused without asking the database.
 * @param material 64 bytes, far more than the characters hold: what the remainder favours cannot be noticed
 */
export function mintSecret(material: Buffer = randomBytes(64)): string {
  let rest = BigInt(`0x${material.toString('hex')}`);
  const base = BigInt(ALPHABET.length);
  let random = '';
  while (random.length < RANDOM_LENGTH) {
    random += ALPHABET[Number(rest % base)] ?? '0';
    rest /= base;
  }
  return PREFIX + random + checksumOf(random);
}

/** 32 random bytes, in hexadecimal: with the installation's key they are a token's secret. */
export function newSeed(): string {
  return randomBytes(32).toString('hex');
}

/** The same secret for the same token and seed, and unknown to whoever lacks one of the two. */
export function secretFrom(key: Buffer, tokenId: string, seed: string): string {
  return mintSecret(Buffer.from(hkdfSync('sha256', key, Buffer.from(seed, 'hex'), tokenId, 64)));
}

/** Whether the text can be one of our secrets: prefix, length, alphabet and checksum. */
export function isWellFormed(secret: string): boolean {
  const match = /^hgt_([0-9A-Za-z]{30})([0-9A-Za-z]{6})$/.exec(secret);
  return match?.[1] !== undefined && checksumOf(match[1]) === match[2];
}

/** What is stored instead of a secret: its SHA-256, in hexadecimal. */
export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** Whether the token opens anything at that moment. */
export function isValidAt(token: ApiToken, now: number): boolean {
  return token.revokedAt === null && (token.expiresAt === null || token.expiresAt > now);
}

import { invalidArgument } from '../kernel';
import type { Label } from './vm';

const LIMITS = {
  cpuCount: { least: 1, most: 512 },
  memoryMib: { least: 64, most: 16 * 1024 * 1024 },
  diskGib: { least: 1, most: 65_536 },
} as const;

const MAX_USER_DATA_BYTES = 32 * 1024;
const MAX_SSH_KEYS = 32;
/** What fits into the column that keeps them, with room for JSON's quotes. */
const MAX_SSH_KEYS_BYTES = 32 * 1024;
const MAX_LABELS = 64;
const SSH_KEY =
  /^(ssh-(ed25519|rsa|dss)|ecdsa-sha2-nistp(256|384|521)|sk-[a-z0-9@.-]+) [A-Za-z0-9+/]{16,8000}={0,3}( [\x20-\x7e]{0,200})?$/;
const LABEL_NAME = /^[A-Za-z0-9]([A-Za-z0-9._/-]{0,61}[A-Za-z0-9])?$/;

/** @throws INVALID_ARGUMENT naming the field */
export function requireSize(field: keyof typeof LIMITS, value: number): number {
  const { least, most } = LIMITS[field];
  if (!Number.isInteger(value) || value < least || value > most) {
    throw invalidArgument(`input.${field}`, `must be from ${String(least)} to ${String(most)}.`);
  }
  return value;
}

/** cloud-init user data: at most 32 KiB of UTF-8, no NUL. @throws INVALID_ARGUMENT, without the value */
export function requireUserData(value: string | null): string | null {
  if (value === null) return null;
  if (Buffer.byteLength(value) > MAX_USER_DATA_BYTES) {
    throw invalidArgument('input.userData', `must be at most ${String(MAX_USER_DATA_BYTES)} bytes.`);
  }
  if (value.includes('\0')) throw invalidArgument('input.userData', 'must not contain NUL.');
  return value;
}

/** Public keys in OpenSSH's one-line form. @throws INVALID_ARGUMENT */
export function requireSshKeys(values: readonly string[]): readonly string[] {
  if (values.length > MAX_SSH_KEYS) {
    throw invalidArgument('input.sshKeys', `must be at most ${String(MAX_SSH_KEYS)} keys.`);
  }
  if (values.join().length > MAX_SSH_KEYS_BYTES) {
    throw invalidArgument('input.sshKeys', `must be at most ${String(MAX_SSH_KEYS_BYTES)} bytes together.`);
  }
  return values.map((value, index) => {
    const key = value.trim();
    if (!SSH_KEY.test(key)) {
      throw invalidArgument(
        `input.sshKeys[${String(index)}]`,
        'must be a public key in OpenSSH’s one-line form.',
      );
    }
    return key;
  });
}

/** @throws INVALID_ARGUMENT */
export function requireLabels(labels: readonly Label[]): readonly Label[] {
  if (labels.length > MAX_LABELS) {
    throw invalidArgument('input.labels', `must be at most ${String(MAX_LABELS)} labels.`);
  }
  const names = new Set<string>();
  for (const [index, { name, value }] of labels.entries()) {
    const field = `input.labels[${String(index)}]`;
    if (!LABEL_NAME.test(name)) {
      throw invalidArgument(
        `${field}.name`,
        'must be 1 to 63 letters, digits, dots, slashes, hyphens or underscores.',
      );
    }
    if (value.length > 255 || /[\p{C}\p{Zl}\p{Zp}]/u.test(value)) {
      throw invalidArgument(`${field}.value`, 'must be at most 255 printable characters.');
    }
    if (names.has(name)) throw invalidArgument(`${field}.name`, 'is given twice.');
    names.add(name);
  }
  return labels;
}

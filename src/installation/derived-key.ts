import { hkdfSync } from 'node:crypto';
import type { Installation } from './installation.store';

/** What a key is for. No two purposes share one, so that what one of them shows tells nothing about another. */
export type KeyPurpose = 'idempotent-input' | 'api-token-secret';

/** The installation's key for one purpose: 32 bytes by HKDF-SHA256 (RFC 5869), the same in every process. */
export function derivedKey({ rootKey }: Pick<Installation, 'rootKey'>, purpose: KeyPurpose): Buffer {
  return Buffer.from(hkdfSync('sha256', rootKey, '', purpose, 32));
}

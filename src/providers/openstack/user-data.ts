import { invalidArgument } from '../../kernel';
import { composeUserData } from '../contract';
import type { VmSpec } from '../contract';

/** Nova's limit, in characters of base64. */
const MAX_USER_DATA = 65_535;

/**
 * What the guest gets as user data, in base64; null for none. Host name and the first key come to it by Nova's own fields,
 * so that user data which is no cloud-init's stays what it is, unless there are keys that Nova has no field for.
 * @param hasKeypair whether the first key is a key pair of Nova's
 * @throws INVALID_ARGUMENT
 */
export function userDataOf({ userData, hostname, sshKeys }: VmSpec, hasKeypair: boolean): string | null {
  const keys = hasKeypair ? sshKeys.slice(1) : sshKeys;
  const text = keys.length > 0 ? composeUserData({ userData, hostname, sshKeys: keys }) : userData;
  if (text === null) return null;
  const encoded = Buffer.from(text, 'utf8').toString('base64');
  if (encoded.length <= MAX_USER_DATA) return encoded;
  throw invalidArgument('spec.userData', `must have at most ${MAX_USER_DATA} characters in base64.`);
}

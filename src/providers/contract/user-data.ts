import { createHash } from 'node:crypto';
import { stringify } from 'yaml';

export interface GuestSettings {
  /** The tenant's own user data, verbatim; null for none. */
  readonly userData: string | null;
  readonly hostname: string;
  /** In OpenSSH's one-line form; those that the cloud does not hand over itself. */
  readonly sshKeys: readonly string[];
}

/** Whatever the tenant's own data says of these comes first, and lists are added to. */
const MERGE = [
  { name: 'list', settings: ['append'] },
  { name: 'dict', settings: ['no_replace', 'recurse_list'] },
];

/**
 * What cloud-init is to find in the guest where a cloud takes one text: the tenant's user data as it is, and behind it
 * our part with the host name and the keys. The same settings give the same text.
 *
 * Source: cloud-init's documentation, "User data formats" (MIME multi-part archive) and "Merging user data sections".
 */
export function composeUserData({ userData, hostname, sshKeys }: GuestSettings): string {
  const keys = sshKeys.length === 0 ? {} : { ssh_authorized_keys: sshKeys };
  // cloud-init reads YAML 1.1, to which a host called `on` is a truth value, and `2026-11-23` a date.
  const style = { lineWidth: 0, version: '1.1' } as const;
  const ours = `#cloud-config\n${stringify({ hostname, ...keys, merge_how: MERGE }, style)}`;
  if (userData === null) return ours;
  const boundary = `==${createHash('sha256').update(userData).digest('hex').slice(0, 32)}==`;
  const lines = [
    `Content-Type: multipart/mixed; boundary="${boundary}"`,
    'MIME-Version: 1.0',
    '',
    `--${boundary}`,
    ...tenantsPart(userData),
    `--${boundary}`,
    ...part('text/cloud-config', ours),
    `--${boundary}--`,
    '',
  ];
  return lines.join('\n');
}

/** An archive already: it goes into ours with its own headers. Of anything else cloud-init finds out what it is. */
function tenantsPart(userData: string): readonly string[] {
  return /^(content-type|mime-version):/i.test(userData) ? [userData] : part('text/plain', userData);
}

/** Beyond ASCII a text is sent in base64: cloud-init reads the archive as text. */
function part(type: string, text: string): readonly string[] {
  // eslint-disable-next-line no-control-regex
  const isPlain = /^[\x00-\x7f]*$/.test(text);
  return [
    `Content-Type: ${type}; charset="utf-8"`,
    `Content-Transfer-Encoding: ${isPlain ? '7bit' : 'base64'}`,
    '',
    isPlain ? text : Buffer.from(text).toString('base64'),
  ];
}

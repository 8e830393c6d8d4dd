import type { VmSpec } from '../contract';

/** A key of a VM's extraConfig with its value. */
export interface GuestInfo {
  readonly $type: 'OptionValue';
  readonly key: string;
  readonly value: string;
}

/**
 * What cloud-init's VMware data source reads inside the guest: metadata with the host name, the SSH keys and DHCP on
 * every card, and the user data verbatim. Base64, because extraConfig holds plain text only.
 *
 * Source: cloud-init's documentation, "VMware" data source, GuestInfo transport.
 */
export function guestInfoOf(spec: VmSpec): readonly GuestInfo[] {
  const info = encoded('guestinfo.metadata', JSON.stringify(metadataOf(spec)));
  return spec.userData === null ? info : [...info, ...encoded('guestinfo.userdata', spec.userData)];
}

function metadataOf({ marker, hostname, sshKeys }: VmSpec): object {
  return {
    'instance-id': marker.objectId,
    'local-hostname': hostname,
    ...(sshKeys.length > 0 && { 'public-keys': sshKeys }),
    network: { version: 2, ethernets: { all: { match: { name: 'e*' }, dhcp4: true } } },
  };
}

function encoded(key: string, text: string): readonly GuestInfo[] {
  return [
    { $type: 'OptionValue', key, value: Buffer.from(text, 'utf8').toString('base64') },
    { $type: 'OptionValue', key: `${key}.encoding`, value: 'base64' },
  ];
}

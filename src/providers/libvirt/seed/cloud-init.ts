import { iso9660Image } from './iso9660';

export interface CloudInitSeed {
  /** A new one makes cloud-init run its first-boot steps again. */
  readonly instanceId: string;
  readonly hostname: string;
  readonly sshKeys: readonly string[];
  /** Secret: it is written into the image and nowhere else. */
  readonly userData: string | null;
  /** Of each card, in order. */
  readonly macAddresses: readonly string[];
}

/**
 * An image that cloud-init's NoCloud source finds by its label. SSH keys go into the metadata, not into the
 * user data: that is passed on verbatim, whatever of cloud-init's formats it is.
 */
export function cloudInitImage(seed: CloudInitSeed): Buffer {
  const files = [
    { name: 'user-data', content: Buffer.from(seed.userData ?? '#cloud-config\n', 'utf8') },
    { name: 'meta-data', content: jsonFile(metadata(seed)) },
  ];
  if (seed.macAddresses.length > 0) {
    files.push({ name: 'network-config', content: jsonFile(networkConfig(seed.macAddresses)) });
  }
  return iso9660Image('cidata', files);
}

/** cloud-init reads YAML, and JSON is YAML: the one serializer that cannot be misled by a value. */
function jsonFile(value: object): Buffer {
  return Buffer.from(`${JSON.stringify(value, null, 2)}\n`, 'utf8');
}

function metadata(seed: CloudInitSeed): object {
  return {
    'instance-id': seed.instanceId,
    'local-hostname': seed.hostname,
    ...(seed.sshKeys.length > 0 ? { 'public-keys': seed.sshKeys } : {}),
  };
}

/**
 * Without it cloud-init configures the first card only. The cards are renamed, because not every distribution's
 * renderer can match them by their address alone.
 */
function networkConfig(macAddresses: readonly string[]): object {
  const ethernets = macAddresses.map((macaddress, index) => {
    const name = `eth${index}`;
    return [name, { match: { macaddress }, 'set-name': name, dhcp4: true }];
  });
  return { version: 2, ethernets: Object.fromEntries(ethernets) as object };
}

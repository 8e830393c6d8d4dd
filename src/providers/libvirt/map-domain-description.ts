import { basename } from 'node:path/posix';
import { FIRST_DISK } from './map-domain';
import { readOwnership } from './map-marker';
import type { Ownership } from './map-marker';
import { child, childrenOf, descend, parseXml } from './xml';
import type { XmlElement } from './xml';

/** What a domain's description tells, of any domain, ours or not. */
export interface DomainDescription {
  readonly uuid: string;
  readonly name: string;
  /** Null on what is not ours. */
  readonly ownership: Ownership | null;
  readonly cpuCount: number;
  readonly memoryMib: number;
  /** The name of the first disk's volume; null where it is no file. */
  readonly diskVolume: string | null;
  readonly nics: readonly DomainNic[];
}

export interface DomainNic {
  readonly macAddress: string;
  /** Null where it is not on a network of libvirt's. */
  readonly networkName: string | null;
}

/** @throws Error for what is not the description of a domain */
export function readDomainDescription(xml: string): DomainDescription {
  const domain = parseXml(xml);
  const ownership = readOwnership(domain);
  const uuid = child(domain, 'uuid')?.text;
  const name = child(domain, 'name')?.text;
  if (domain.name !== 'domain' || uuid === undefined || name === undefined) {
    throw new Error('The backend sent a description that is not of a domain.');
  }
  return {
    uuid,
    name,
    ownership,
    cpuCount: cpuCountOf(domain),
    memoryMib: memoryMibOf(child(domain, 'memory')),
    diskVolume: diskVolumeOf(domain),
    nics: childrenOf(child(domain, 'devices'), 'interface').map(nicOf),
  };
}

function cpuCountOf(domain: XmlElement): number {
  const vcpu = child(domain, 'vcpu');
  return Number(vcpu?.attributes['current'] ?? vcpu?.text ?? 1);
}

/** libvirt writes KiB whatever unit it was given. */
function memoryMibOf(memory: XmlElement | undefined): number {
  const unit = memory?.attributes['unit'] ?? 'KiB';
  if (memory === undefined || unit !== 'KiB') throw new Error(`Memory is given in ${unit}, not in KiB.`);
  return Math.floor(Number(memory.text) / 1024);
}

function diskVolumeOf(domain: XmlElement): string | null {
  const disks = childrenOf(child(domain, 'devices'), 'disk');
  const first = disks.find((disk) => child(disk, 'target')?.attributes['dev'] === FIRST_DISK);
  const path = descend(first, 'source')?.attributes['file'];
  return path === undefined ? null : basename(path);
}

function nicOf(nic: XmlElement): DomainNic {
  return {
    macAddress: (child(nic, 'mac')?.attributes['address'] ?? '').toLowerCase(),
    networkName: child(nic, 'source')?.attributes['network'] ?? null,
  };
}

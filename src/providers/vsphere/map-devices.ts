import { isEthernetCard } from './client';
import type { AnyEthernetCard, AnyVirtualDevice, PropertyValue } from './client';
import type { NicObservation } from '../contract';
import { networkExternalId } from './network-id';

type Disk = Extract<AnyVirtualDevice, { readonly $type: 'VirtualDisk' }>;
type GuestNics = PropertyValue<'VirtualMachine', 'guest.net'>;

/** 2^30 bytes. */
export const GIB = 1024 ** 3;

/** A VM's disks in the order of its controllers: the first is the one that the image fills. */
export function disksOf(devices: readonly AnyVirtualDevice[]): readonly Disk[] {
  return devices
    .filter((device): device is Disk => device.$type === 'VirtualDisk')
    .sort(
      (a, b) => (a.controllerKey ?? 0) - (b.controllerKey ?? 0) || (a.unitNumber ?? 0) - (b.unitNumber ?? 0),
    );
}

export function diskBytes(disk: Disk): number {
  return disk.capacityInBytes ?? disk.capacityInKB * 1024;
}

/** Rounded up; 0 for a VM without a disk. */
export function diskGibOf(devices: readonly AnyVirtualDevice[]): number {
  const [first] = disksOf(devices);
  return first === undefined ? 0 : Math.ceil(diskBytes(first) / GIB);
}

/** Whether the disk only holds what differs from another VM's disk; such a disk cannot grow. */
export function isLinked(disk: Disk): boolean {
  return disk.backing?.$type === 'VirtualDiskFlatVer2BackingInfo' && disk.backing.parent !== undefined;
}

/** Network cards in the order in which they were added. */
export function cardsOf(devices: readonly AnyVirtualDevice[]): readonly AnyEthernetCard[] {
  return devices.filter(isEthernetCard).sort((a, b) => a.key - b.key);
}

export function nicsOf(
  devices: readonly AnyVirtualDevice[],
  guestNics: GuestNics,
): readonly NicObservation[] {
  return cardsOf(devices).map((card) => {
    const macAddress = (card.macAddress ?? '').toLowerCase();
    const told = guestNics.find((nic) => nic.macAddress?.toLowerCase() === macAddress);
    return { networkExternalId: networkOfCard(card), macAddress, ipAddresses: told?.ipAddress ?? [] };
  });
}

function networkOfCard({ backing }: AnyEthernetCard): string | null {
  if (backing?.$type === 'VirtualEthernetCardDistributedVirtualPortBackingInfo') {
    const { portgroupKey } = backing.port;
    // A port group's key is the value of its reference.
    return portgroupKey === undefined
      ? null
      : networkExternalId({ type: 'DistributedVirtualPortgroup', value: portgroupKey });
  }
  if (backing?.$type === 'VirtualEthernetCardNetworkBackingInfo' && backing.network !== undefined)
    return networkExternalId(backing.network);
  return null;
}

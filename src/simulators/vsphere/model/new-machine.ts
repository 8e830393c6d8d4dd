import type { Device, Disk, Hardware, Machine } from './machine';
import type { Datastore } from './records';
import type { World } from './world';

const SCSI_KEY = 1000;
export const FIRST_DISK_KEY = 2000;
export const FIRST_CARD_KEY = 4000;
/** Unit numbers of cards on the PCI bus begin here. */
export const FIRST_CARD_UNIT = 7;

const SCSI: Device = { kind: 'CONTROLLER', type: 'ParaVirtualSCSIController', key: SCSI_KEY, busNumber: 0 };
const SATA: Device = { kind: 'CONTROLLER', type: 'VirtualAHCIController', key: 15_000, busNumber: 0 };
const CDROM: Device = {
  kind: 'CDROM',
  key: 16_000,
  controllerKey: 15_000,
  unitNumber: 0,
  iso: null,
  startConnected: false,
};

/** Shared by all machines that are made alike. */
export const STANDARD_DEVICES: readonly Device[] = [SCSI, SATA, CDROM];

export const BARE_HARDWARE: Hardware = {
  cpuCount: 1,
  coresPerSocket: 1,
  memoryMib: 32,
  cpuHotAdd: false,
  memoryHotAdd: false,
  guestId: 'otherGuest',
  annotation: '',
  firmware: 'bios',
  extraConfig: [],
  devices: [],
};

/** The next address of the range that vCenter assigns from: 00:50:56:80:00:00 to 00:50:56:bf:ff:ff. */
export function nextMac(world: World): string {
  const number = world.counters.mac++ % 0x40_0000;
  const octets = [0x00, 0x50, 0x56, 0x80 + (number >> 16), (number >> 8) & 0xff, number & 0xff];
  return octets.map((octet) => octet.toString(16).padStart(2, '0')).join(':');
}

export function newDisk(
  world: World,
  place: { readonly datastore: Datastore; readonly file: string; readonly unitNumber?: number },
  capacityBytes: number,
): Disk {
  const unitNumber = place.unitNumber ?? 0;
  return {
    kind: 'DISK',
    key: FIRST_DISK_KEY + unitNumber,
    controllerKey: SCSI_KEY,
    unitNumber,
    capacityBytes,
    datastore: place.datastore.ref.value,
    file: place.file,
    parents: [],
    thin: true,
    mode: 'persistent',
    uuid: world.random.uuid(),
  };
}

interface MachinePlace {
  readonly name: string;
  readonly parent: string;
  readonly pool: string | null;
  readonly host: string;
  readonly datastore: Datastore;
  readonly directory: string;
}

/** A machine without disks, switched off and not ready yet. It still has to be put into its folder. */
export function newMachine(world: World, place: MachinePlace): Machine {
  const now = world.now();
  return {
    kind: 'MACHINE',
    ref: world.newRef('VirtualMachine', 'vm'),
    name: place.name,
    parent: place.parent,
    recentTasks: [],
    customValues: [],
    ready: false,
    template: false,
    pool: place.pool,
    host: place.host,
    datastore: place.datastore.ref.value,
    directory: place.directory,
    version: 'vmx-20',
    uuid: world.random.uuid(),
    instanceUuid: world.random.uuid(),
    createdMs: now,
    modifiedMs: now,
    changeNumber: 1,
    hardware: BARE_HARDWARE,
    files: {},
    powerState: 'poweredOff',
    cleanPowerOff: true,
    bootedMs: null,
    suspendedMs: null,
    toolsRunning: false,
    snapshots: [],
    currentSnapshot: null,
    snapshotCount: 0,
  };
}

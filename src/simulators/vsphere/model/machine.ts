import type { MoRef } from '../vim/values';

/** A virtual machine and its parts. Parts are never changed in place: snapshots and clones share them. */
export interface Disk {
  readonly kind: 'DISK';
  readonly key: number;
  readonly controllerKey: number;
  readonly unitNumber: number;
  readonly capacityBytes: number;
  readonly datastore: string;
  /** `[datastore] folder/name.vmdk` */
  readonly file: string;
  /** The files that this one is a delta of, the nearest first. */
  readonly parents: readonly string[];
  readonly thin: boolean;
  readonly mode: string;
  readonly uuid: string;
}

export interface Card {
  readonly kind: 'CARD';
  /** `VirtualVmxnet3`, `VirtualE1000` … */
  readonly type: string;
  readonly key: number;
  readonly unitNumber: number;
  /** A standard network or a distributed port group. */
  readonly network: string;
  readonly macAddress: string;
  readonly addressType: 'assigned' | 'manual' | 'generated';
  readonly wakeOnLan: boolean;
  readonly connected: boolean;
  readonly startConnected: boolean;
  readonly allowGuestControl: boolean;
}

export interface Controller {
  readonly kind: 'CONTROLLER';
  /** `ParaVirtualSCSIController`, `VirtualAHCIController` … */
  readonly type: string;
  readonly key: number;
  readonly busNumber: number;
}

export interface Cdrom {
  readonly kind: 'CDROM';
  readonly key: number;
  readonly controllerKey: number;
  readonly unitNumber: number;
  /** `[datastore] path.iso`; null is the client's drive. */
  readonly iso: string | null;
  readonly startConnected: boolean;
}

export type Device = Disk | Card | Controller | Cdrom;

/** What a reconfiguration changes and a snapshot keeps. */
export interface Hardware {
  readonly cpuCount: number;
  readonly coresPerSocket: number;
  readonly memoryMib: number;
  readonly cpuHotAdd: boolean;
  readonly memoryHotAdd: boolean;
  readonly guestId: string;
  readonly annotation: string;
  readonly firmware: string;
  readonly extraConfig: readonly (readonly [key: string, value: string])[];
  readonly devices: readonly Device[];
}

export type PowerState = 'poweredOn' | 'poweredOff' | 'suspended';

export interface Snapshot {
  readonly ref: MoRef;
  readonly number: number;
  name: string;
  description: string;
  readonly createdMs: number;
  readonly state: PowerState;
  readonly quiesced: boolean;
  readonly frozen: Hardware;
  children: Snapshot[];
}

/** A file on a datastore that belongs to the machine and takes room there. */
export interface OwnedFile {
  readonly datastore: string;
  readonly bytes: number;
}

export interface Machine {
  readonly kind: 'MACHINE';
  readonly ref: MoRef;
  name: string;
  parent: string | null;
  recentTasks: string[];
  customValues: readonly (readonly [key: number, value: string])[];
  /** False while it is being created or cloned: the object is there, its configuration is not. */
  ready: boolean;
  template: boolean;
  pool: string | null;
  host: string;
  datastore: string;
  directory: string;
  readonly version: string;
  uuid: string;
  instanceUuid: string;
  readonly createdMs: number;
  modifiedMs: number;
  changeNumber: number;
  hardware: Hardware;
  files: Readonly<Record<string, OwnedFile>>;
  powerState: PowerState;
  cleanPowerOff: boolean;
  bootedMs: number | null;
  suspendedMs: number | null;
  toolsRunning: boolean;
  snapshots: Snapshot[];
  currentSnapshot: string | null;
  snapshotCount: number;
}

export function disksOf(hardware: Hardware): readonly Disk[] {
  return hardware.devices.filter((device) => device.kind === 'DISK');
}

export function cardsOf(hardware: Hardware): readonly Card[] {
  return hardware.devices.filter((device) => device.kind === 'CARD');
}

export function* everySnapshot(roots: readonly Snapshot[]): Generator<Snapshot> {
  for (const snapshot of roots) {
    yield snapshot;
    yield* everySnapshot(snapshot.children);
  }
}

/** A delta that nobody has written to yet. */
export const EMPTY_DELTA_BYTES = 16 * 1024 ** 2;

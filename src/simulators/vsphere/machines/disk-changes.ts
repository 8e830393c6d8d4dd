import type { Disk } from '../model/machine';
import { FIRST_DISK_KEY, newDisk } from '../model/new-machine';
import type { Datastore } from '../model/records';
import { optionalBoolean, optionalInt } from '../service/arguments';
import { VimFault } from '../vim/fault';
import { child, refOf, textOf } from '../vim/element';
import type { RequestElement } from '../vim/element';
import type { DeviceChange } from './config-spec';
import { invalidDevice, invalidOperation } from './device-faults';
import type { DeviceEdit } from './device-edit';
import { requireReachable } from './placement';

/** A unit that the controller has for itself. */
const RESERVED_UNIT = 7;
const UNITS = 16;
const SMALLEST_BYTES = 1024 * 1024;

export function addDisk(edit: DeviceEdit, change: DeviceChange): Disk {
  const backing = child(change.device, 'backing');
  const datastore = datastoreOf(edit, backing);
  const capacityBytes = capacityOf(change.device);
  if (capacityBytes === null || capacityBytes < SMALLEST_BYTES) throw invalidDevice(change, 'capacityInKB');
  const fileName = (backing && textOf(backing, 'fileName')?.trim()) ?? '';
  if (change.fileOperation !== 'create')
    throw new VimFault('FileNotFound', { file: fileName }, `File ${fileName} was not found`);
  const file = newFile(edit, fileName, datastore.name);
  const controller = edit.controller(change);
  const unitNumber = unitOf(edit, change, controller.key);
  edit.claim(file, { datastore: datastore.ref.value, bytes: capacityBytes });
  const mode = (backing && textOf(backing, 'diskMode')) ?? 'persistent';
  const thin = (backing && optionalBoolean(backing, 'thinProvisioned')) ?? false;
  const key = FIRST_DISK_KEY + controller.busNumber * UNITS + unitNumber;
  return {
    ...newDisk(edit.world, { datastore, file }, capacityBytes),
    key: edit.freeKey(key),
    controllerKey: controller.key,
    unitNumber,
    mode,
    thin,
  };
}

function datastoreOf({ world, machine }: DeviceEdit, backing: RequestElement | null): Datastore {
  const named = backing && refOf(backing, 'datastore');
  if (!named) return world.get('DATASTORE', machine.datastore);
  const datastore = world.named('DATASTORE', named, 'virtualDeviceSpec.device.backing.datastore');
  requireReachable(world.get('HOST', machine.host), datastore);
  return datastore;
}

/** Growing, and nothing else, changes a disk's file. */
export function editDisk(edit: DeviceEdit, change: DeviceChange, disk: Disk): Disk {
  const backing = child(change.device, 'backing');
  const mode = (backing && textOf(backing, 'diskMode')) ?? disk.mode;
  const capacityBytes = capacityOf(change.device) ?? disk.capacityBytes;
  if (capacityBytes < disk.capacityBytes) throw invalidOperation(change, 'capacityInKB');
  if (capacityBytes === disk.capacityBytes) return { ...disk, mode };
  if (disk.parents.length > 0 || edit.machine.snapshots.length > 0)
    throw invalidOperation(change, 'capacityInKB');
  edit.claim(disk.file, { datastore: disk.datastore, bytes: capacityBytes });
  return { ...disk, mode, capacityBytes };
}

export function removeDisk(edit: DeviceEdit, change: DeviceChange, disk: Disk): void {
  if (change.fileOperation === 'destroy') edit.release(disk.file);
}

/** Bytes where the client gave them, as vCenter prefers them, else KiB. */
function capacityOf(device: RequestElement): number | null {
  for (const [name, unit] of [
    ['capacityInBytes', 1],
    ['capacityInKB', 1024],
  ] as const) {
    const text = textOf(device, name)?.trim();
    if (text && /^\d{1,15}$/.test(text) && Number(text) > 0) return Number(text) * unit;
  }
  return null;
}

function newFile(edit: DeviceEdit, wanted: string, datastore: string): string {
  if (/\.vmdk$/.test(wanted)) {
    if (edit.hasFile(wanted)) throw new VimFault('FileAlreadyExists', { file: wanted });
    return wanted;
  }
  const directory = edit.machine.directory.replace(/^\[[^\]]*\]/, `[${datastore}]`);
  const base = edit.machine.directory.replace(/^.*\] /, '').replace(/\/$/, '');
  for (let number = 0; ; number++) {
    const file = `${directory}${base}${number === 0 ? '' : `_${number}`}.vmdk`;
    if (!edit.hasFile(file)) return file;
  }
}

function unitOf(edit: DeviceEdit, change: DeviceChange, controllerKey: number): number {
  const taken = edit.unitsOn(controllerKey);
  const wanted = optionalInt(change.device, 'unitNumber');
  if (wanted !== null && wanted >= 0) {
    if (wanted === RESERVED_UNIT || wanted >= UNITS || taken.has(wanted))
      throw invalidDevice(change, 'unitNumber');
    return wanted;
  }
  for (let unit = 0; unit < UNITS; unit++) if (unit !== RESERVED_UNIT && !taken.has(unit)) return unit;
  throw new VimFault('TooManyDevices', { property: 'virtualDeviceSpec.device.unitNumber' });
}

import type { Cdrom, Controller } from '../model/machine';
import { notSupported } from '../model/names';
import { optionalBoolean, optionalInt } from '../service/arguments';
import { VimFault } from '../vim/fault';
import { child, textOf } from '../vim/element';
import { CARD_TYPES, addCard, editCard } from './card-changes';
import type { DeviceChange } from './config-spec';
import { BUILT_IN } from './device-edit';
import type { DeviceEdit } from './device-edit';
import { invalidDevice } from './device-faults';
import { addDisk, editDisk, removeDisk } from './disk-changes';

/** First keys of controllers by type; the bus number is added. */
const CONTROLLER_KEYS: ReadonlyMap<string, number> = new Map([
  ['ParaVirtualSCSIController', 1000],
  ['VirtualLsiLogicController', 1000],
  ['VirtualLsiLogicSASController', 1000],
  ['VirtualBusLogicController', 1000],
  ['VirtualAHCIController', 15_000],
  ['VirtualNVMEController', 31_000],
]);
const BUSES = 4;
const FIRST_CDROM_KEY = 16_000;

export function applyDeviceChanges(edit: DeviceEdit, changes: readonly DeviceChange[]): void {
  for (const change of changes) {
    if (change.operation === 'add') add(edit, change);
    else if (change.operation === 'edit') modify(edit, change);
    else remove(edit, change);
  }
}

function add(edit: DeviceEdit, change: DeviceChange): void {
  const builtIn = BUILT_IN.get(change.type);
  if (builtIn !== undefined) {
    edit.alias(change, builtIn + (optionalInt(change.device, 'busNumber') ?? 0));
    return;
  }
  const made = make(edit, change);
  edit.put(made);
  edit.alias(change, made.key);
}

function make(edit: DeviceEdit, change: DeviceChange) {
  if (change.type === 'VirtualDisk') return addDisk(edit, change);
  if (CARD_TYPES.has(change.type)) return addCard(edit, change);
  if (change.type === 'VirtualCdrom') return addCdrom(edit, change);
  const first = CONTROLLER_KEYS.get(change.type);
  if (first !== undefined) return addController(edit, change, first);
  throw notSupported(`a ${change.type} cannot be added in this simulator`);
}

function addController(edit: DeviceEdit, change: DeviceChange, first: number): Controller {
  const key = edit.freeKey(first);
  const busNumber = key - first;
  if (busNumber >= BUSES) throw new VimFault('TooManyDevices', { property: 'virtualDeviceSpec.device' });
  return { kind: 'CONTROLLER', type: change.type, key, busNumber };
}

function addCdrom(edit: DeviceEdit, change: DeviceChange): Cdrom {
  const controller = edit.controller(change);
  const taken = edit.unitsOn(controller.key);
  let unitNumber = optionalInt(change.device, 'unitNumber') ?? -1;
  if (unitNumber < 0) for (unitNumber = 0; taken.has(unitNumber);) unitNumber++;
  if (taken.has(unitNumber)) throw invalidDevice(change, 'unitNumber');
  const key = edit.freeKey(controller.key < 1000 ? 3000 + (controller.key - 200) * 2 : FIRST_CDROM_KEY);
  return {
    kind: 'CDROM',
    key,
    controllerKey: controller.key,
    unitNumber,
    iso: isoOf(change, null),
    startConnected: startOf(change, false),
  };
}

function modify(edit: DeviceEdit, change: DeviceChange): void {
  const device = edit.find(change);
  switch (device.kind) {
    case 'DISK':
      if (change.type !== 'VirtualDisk') throw invalidDevice(change, 'key');
      edit.put(editDisk(edit, change, device));
      return;
    case 'CARD':
      edit.put(editCard(edit, change, device));
      return;
    case 'CDROM':
      edit.put({
        ...device,
        iso: isoOf(change, device.iso),
        startConnected: startOf(change, device.startConnected),
      });
      return;
    case 'CONTROLLER':
      if (change.type !== device.type) throw invalidDevice(change, 'key');
  }
}

function remove(edit: DeviceEdit, change: DeviceChange): void {
  const device = edit.find(change);
  if (device.kind === 'CONTROLLER' && edit.unitsOn(device.key).size > 0) throw invalidDevice(change, 'key');
  if (device.kind === 'DISK') removeDisk(edit, change, device);
  edit.drop(device);
}

function isoOf(change: DeviceChange, before: string | null): string | null {
  const backing = child(change.device, 'backing');
  if (!backing) return before;
  return backing.xsiType === 'VirtualCdromIsoBackingInfo'
    ? (textOf(backing, 'fileName')?.trim() ?? null)
    : null;
}

function startOf(change: DeviceChange, before: boolean): boolean {
  const connectable = child(change.device, 'connectable');
  return (connectable && optionalBoolean(connectable, 'startConnected')) ?? before;
}

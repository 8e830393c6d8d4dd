import type { Controller, Device, Machine, OwnedFile } from '../model/machine';
import type { World } from '../model/world';
import { optionalInt } from '../service/arguments';
import { requireSpace } from './capacity';
import type { DeviceChange } from './config-spec';
import { invalidDevice } from './device-faults';

/** Controllers that every machine has: who adds them gets those. */
export const BUILT_IN: ReadonlyMap<string, number> = new Map([
  ['VirtualIDEController', 200],
  ['VirtualPS2Controller', 300],
  ['VirtualPCIController', 100],
  ['VirtualSIOController', 400],
]);

/**
 * A machine's devices and files while changes are applied to them. Nothing of it counts until all of it went well:
 * then the caller takes `devices` and `files`.
 */
export class DeviceEdit {
  private readonly byKey = new Map<number, Device>();
  private readonly owned = new Map<string, OwnedFile>();
  /** The keys below zero that a client uses within one specification, and what became of them. */
  private readonly temporary = new Map<number, number>();

  constructor(
    readonly world: World,
    readonly machine: Machine,
    devices: readonly Device[],
    files: Readonly<Record<string, OwnedFile>>,
  ) {
    for (const device of devices) this.byKey.set(device.key, device);
    for (const [name, file] of Object.entries(files)) this.owned.set(name, file);
  }

  get devices(): readonly Device[] {
    return [...this.byKey.values()];
  }

  get files(): Readonly<Record<string, OwnedFile>> {
    return Object.fromEntries(this.owned);
  }

  count(kind: Device['kind']): number {
    return this.devices.filter((device) => device.kind === kind).length;
  }

  put(device: Device): void {
    this.byKey.set(device.key, device);
  }

  drop(device: Device): void {
    this.byKey.delete(device.key);
  }

  find(change: DeviceChange): Device {
    const found = this.byKey.get(this.real(optionalInt(change.device, 'key') ?? 0));
    if (!found) throw invalidDevice(change, 'key');
    return found;
  }

  /** Remembers what the client called the device that it added. */
  alias(change: DeviceChange, key: number): void {
    const called = optionalInt(change.device, 'key');
    if (called !== null && called !== key) this.temporary.set(called, key);
  }

  controller(change: DeviceChange): Pick<Controller, 'key' | 'busNumber'> {
    const key = this.real(optionalInt(change.device, 'controllerKey') ?? 0);
    const found = this.byKey.get(key);
    if (found?.kind === 'CONTROLLER') return found;
    if (key === 200 || key === 201) return { key, busNumber: key - 200 };
    throw invalidDevice(change, 'controllerKey');
  }

  unitsOn(controllerKey: number): ReadonlySet<number> {
    const units = new Set<number>();
    for (const device of this.byKey.values())
      if ((device.kind === 'DISK' || device.kind === 'CDROM') && device.controllerKey === controllerKey)
        units.add(device.unitNumber);
    return units;
  }

  freeKey(from: number): number {
    let key = from;
    while (this.byKey.has(key)) key++;
    return key;
  }

  hasFile(name: string): boolean {
    if (this.owned.has(name)) return true;
    for (const other of this.world.relations.loadOf(this.machine.datastore).machines) {
      const machine = this.world.lookUp(other);
      if (machine?.kind === 'MACHINE' && machine !== this.machine && name in machine.files) return true;
    }
    return false;
  }

  /** The file grows to this size; throws NoDiskSpace. */
  claim(name: string, file: OwnedFile): void {
    const datastore = this.world.get('DATASTORE', file.datastore);
    let more = -(this.machine.files[name]?.bytes ?? 0);
    for (const [other, { datastore: on, bytes }] of this.owned)
      if (on === file.datastore && other !== name) more += bytes - (this.machine.files[other]?.bytes ?? 0);
    requireSpace(this.world, datastore, more + file.bytes, name);
    this.owned.set(name, file);
  }

  release(name: string): void {
    this.owned.delete(name);
  }

  private real(key: number): number {
    return this.temporary.get(key) ?? key;
  }
}

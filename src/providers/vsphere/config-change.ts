import type { VmSize, VmSpec } from '../contract';
import type { Backing, VirtualMachineConfigSpec } from './client';
import { guestInfoOf } from './guest-info';
import { GIB, cardsOf, diskBytes, disksOf } from './map-devices';
import type { InventoryVm } from './map-vm';
import { ownershipOption } from './map-marker';

/** ESXi wants memory in multiples of 4 MiB. */
const MEMORY_STEP_MIB = 4;
/** The virtual PCI bus, and the first of its units that is for network cards. */
const PCI_CONTROLLER = 100;
const FIRST_CARD_UNIT = 7;
const CHANGE = { $type: 'VirtualDeviceConfigSpec' } as const;

type DeviceChange = NonNullable<VirtualMachineConfigSpec['deviceChange']>[number];

/** The change that brings the VM to a size; null where there is nothing to change. */
export function sizeChange(vm: InventoryVm, size: VmSize): VirtualMachineConfigSpec | null {
  const shape = shapeChange(vm, size);
  const disk = size.diskGib === undefined ? [] : diskGrowth(vm, size.diskGib);
  if (shape === null && disk.length === 0) return null;
  return { ...versionOf(vm), ...shape, ...(disk.length > 0 && { deviceChange: disk }) };
}

/** Makes the VM out of a fresh clone what it was asked to be, and its record complete. */
export function completion(
  vm: InventoryVm,
  spec: VmSpec,
  backings: readonly Backing[],
): VirtualMachineConfigSpec {
  const { marker, name } = spec;
  const deviceChange = [
    ...diskGrowth(vm, spec.diskGib),
    ...cardsOf(vm.devices).map((device) => ({ ...CHANGE, operation: 'remove', device })),
    ...backings.map(cardAddition),
  ];
  return {
    ...versionOf(vm),
    annotation: `Managed by Hypergate: VM ${marker.objectId} of tenant ${marker.tenantId}.`,
    ...shapeChange(vm, spec),
    deviceChange,
    extraConfig: [...guestInfoOf(spec), ownershipOption({ marker, name, complete: true })],
  };
}

/** vSphere refuses the change when somebody else has changed the configuration since it was read. */
function versionOf({ state }: InventoryVm): { readonly changeVersion?: string } {
  const changeVersion = state['config.changeVersion'];
  return changeVersion === undefined ? {} : { changeVersion };
}

function shapeChange(
  { state }: InventoryVm,
  { cpuCount, memoryMib }: VmSize,
): Pick<VirtualMachineConfigSpec, 'numCPUs' | 'numCoresPerSocket' | 'memoryMB'> | null {
  const changesCpu = cpuCount !== undefined && cpuCount !== state['config.hardware.numCPU'];
  const wantedMib = memoryMib === undefined ? undefined : roundUp(memoryMib, MEMORY_STEP_MIB);
  const changesMemory = wantedMib !== undefined && wantedMib !== state['config.hardware.memoryMB'];
  if (!changesCpu && !changesMemory) return null;
  return {
    // One core per socket: the cores of the image's sockets may not divide the new count.
    ...(changesCpu && { numCPUs: cpuCount, numCoresPerSocket: 1 }),
    ...(changesMemory && { memoryMB: wantedMib }),
  };
}

function roundUp(value: number, step: number): number {
  return Math.ceil(value / step) * step;
}

/** The whole device is given back with its new size, as the API wants it. */
function diskGrowth({ devices }: InventoryVm, diskGib: number): DeviceChange[] {
  const [disk] = disksOf(devices);
  const bytes = diskGib * GIB;
  if (disk === undefined || diskBytes(disk) >= bytes) return [];
  const device = { ...disk, capacityInKB: bytes / 1024, capacityInBytes: bytes };
  return [{ ...CHANGE, operation: 'edit', device }];
}

function cardAddition(backing: Backing, index: number): DeviceChange {
  return {
    ...CHANGE,
    operation: 'add',
    device: {
      $type: 'VirtualVmxnet3',
      // Negative: the server gives it one of its own.
      key: -1 - index,
      backing,
      connectable: { startConnected: true, allowGuestControl: true, connected: false },
      controllerKey: PCI_CONTROLLER,
      unitNumber: FIRST_CARD_UNIT + index,
      addressType: 'generated',
      wakeOnLanEnabled: true,
    },
  };
}

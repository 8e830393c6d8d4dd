import type { VimStruct, VimValue } from '../vim/values';
import { data, integers, size } from './scalars';

type Fields = Readonly<Record<string, VimValue | undefined>>;

/** The bus that every machine has. */
export const PCI = 100;

/** The fields of VirtualDevice in their order; those of the subtype follow. */
export function device(
  type: string,
  key: number,
  label: string,
  summary: string,
  place: {
    backing?: VimStruct | undefined;
    connectable?: VimStruct;
    controllerKey?: number;
    unitNumber?: number;
  },
  own: Fields = {},
): VimStruct {
  return data({
    $type: type,
    key,
    deviceInfo: data({ $type: 'Description', label, summary }),
    backing: place.backing,
    connectable: place.connectable,
    controllerKey: place.controllerKey,
    unitNumber: place.unitNumber,
    ...own,
  });
}

const IDE = [0, 1].map((bus) =>
  device('VirtualIDEController', 200 + bus, `IDE ${bus}`, `IDE ${bus}`, {}, { busNumber: bus }),
);
const PS2 = device(
  'VirtualPS2Controller',
  300,
  'PS2 controller 0',
  'PS2 controller 0',
  {},
  {
    busNumber: 0,
    device: integers([600, 700]),
  },
);
const SIO = device('VirtualSIOController', 400, 'SIO controller 0', 'SIO controller 0', {}, { busNumber: 0 });
const KEYBOARD = device('VirtualKeyboard', 600, 'Keyboard', 'Keyboard', {
  controllerKey: 300,
  unitNumber: 0,
});
const POINTER = device('VirtualPointingDevice', 700, 'Pointing device', 'Pointing device; Device', {
  backing: data({
    $type: 'VirtualPointingDeviceDeviceBackingInfo',
    deviceName: '',
    useAutoDetect: false,
    hostPointingDevice: 'autodetect',
  }),
  controllerKey: 300,
  unitNumber: 1,
});
const VIDEO = device(
  'VirtualMachineVideoCard',
  500,
  'Video card ',
  'Video card',
  { controllerKey: PCI, unitNumber: 0 },
  {
    videoRamSizeInKB: size(4096),
    numDisplays: 1,
    useAutoDetect: false,
    enable3DSupport: false,
    use3dRenderer: 'automatic',
    graphicsMemorySizeInKB: size(262_144),
  },
);
const VMCI = device(
  'VirtualMachineVMCIDevice',
  12_000,
  'VMCI device',
  'Device on the virtual machine PCI bus that provides support for the virtual machine communication interface',
  { controllerKey: PCI, unitNumber: 17 },
  { id: size(-1), allowUnrestrictedCommunication: false, filterEnable: true },
);

/** The first devices of every machine, without the PCI controller, which lists what is on it. */
export const BEFORE_PCI = [...IDE, PS2];
export const AFTER_PCI = [SIO, KEYBOARD, POINTER, VIDEO, VMCI];
export const FIXED_ON_PCI = [500, 12_000];

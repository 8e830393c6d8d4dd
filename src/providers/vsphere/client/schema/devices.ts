/** Virtual devices. Source: VMware vSphere Web Services API, WSDL vim25. */
import { anyBacking } from './backings';
import { arrayOf, boolean, enumeration, int, long, optional, string, struct, union } from './combinators';
import type { Infer, InferMember } from './schema';

const Description = struct('Description', { label: string, summary: string }, { typed: true });

const VirtualDeviceConnectInfo = struct('VirtualDeviceConnectInfo', {
  migrateConnect: optional(string),
  startConnected: boolean,
  allowGuestControl: boolean,
  connected: boolean,
  status: optional(string),
});

export const VirtualDevice = struct('VirtualDevice', {
  /** Negative and of the caller's choice for a device that is being added. */
  key: int,
  deviceInfo: optional(Description),
  backing: optional(anyBacking),
  connectable: optional(VirtualDeviceConnectInfo),
  controllerKey: optional(int),
  unitNumber: optional(int),
});

export const SharesInfo = struct('SharesInfo', {
  shares: int,
  level: enumeration('SharesLevel', 'low', 'normal', 'high', 'custom'),
});

export const VirtualDisk = struct(
  'VirtualDisk',
  {
    capacityInKB: long,
    /** Wins over `capacityInKB` where the server knows it; send both. */
    capacityInBytes: optional(long),
    shares: optional(SharesInfo),
    diskObjectId: optional(string),
    nativeUnmanagedLinkedClone: optional(boolean),
  },
  { extends: VirtualDevice },
);

const VirtualController = struct(
  'VirtualController',
  { busNumber: int, device: optional(arrayOf(int)) },
  { extends: VirtualDevice },
);
const controller = <N extends string>(name: N) => struct(name, {}, { extends: VirtualController });

const VirtualSCSIController = struct(
  'VirtualSCSIController',
  {
    hotAddRemove: optional(boolean),
    sharedBus: enumeration('VirtualSCSISharing', 'noSharing', 'virtualSharing', 'physicalSharing'),
    scsiCtlrUnitNumber: optional(int),
  },
  { extends: VirtualController },
);
const scsiController = <N extends string>(name: N) => struct(name, {}, { extends: VirtualSCSIController });

const VirtualSATAController = controller('VirtualSATAController');

export const VirtualEthernetCard = struct(
  'VirtualEthernetCard',
  {
    /** `generated`, `assigned` (by vCenter) or `manual`. */
    addressType: optional(string),
    macAddress: optional(string),
    wakeOnLanEnabled: optional(boolean),
    externalId: optional(string),
    uptCompatibilityEnabled: optional(boolean),
  },
  { extends: VirtualDevice },
);
const card = <N extends string>(name: N) => struct(name, {}, { extends: VirtualEthernetCard });

const VirtualCdrom = struct('VirtualCdrom', {}, { extends: VirtualDevice });

const VirtualSerialPort = struct('VirtualSerialPort', { yieldOnPoll: boolean }, { extends: VirtualDevice });

const ETHERNET_CARDS = [
  VirtualEthernetCard,
  card('VirtualE1000'),
  card('VirtualE1000e'),
  card('VirtualPCNet32'),
  card('VirtualVmxnet'),
  card('VirtualVmxnet2'),
  card('VirtualVmxnet3'),
  card('VirtualVmxnet3Vrdma'),
  card('VirtualSriovEthernetCard'),
] as const;

const SCSI_CONTROLLERS = [
  VirtualSCSIController,
  scsiController('ParaVirtualSCSIController'),
  scsiController('VirtualLsiLogicController'),
  scsiController('VirtualLsiLogicSASController'),
  scsiController('VirtualBusLogicController'),
] as const;

export const anyDevice = union(VirtualDevice, [
  VirtualDevice,
  VirtualDisk,
  VirtualCdrom,
  VirtualSerialPort,
  VirtualController,
  controller('VirtualIDEController'),
  controller('VirtualNVMEController'),
  VirtualSATAController,
  struct('VirtualAHCIController', {}, { extends: VirtualSATAController }),
  ...SCSI_CONTROLLERS,
  ...ETHERNET_CARDS,
]);
export type AnyVirtualDevice = Infer<typeof anyDevice>;
export type AnyEthernetCard = InferMember<(typeof ETHERNET_CARDS)[number]>;

const cardTypes: ReadonlySet<string> = new Set(ETHERNET_CARDS.map(({ name }) => name));

/** Whether a device is a network card, of whatever model. */
export function isEthernetCard(device: AnyVirtualDevice): device is AnyEthernetCard {
  return cardTypes.has(device.$type);
}

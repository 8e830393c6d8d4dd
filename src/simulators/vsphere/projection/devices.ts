import type { Card, Cdrom, Controller, Device, Disk } from '../model/machine';
import type { World } from '../model/world';
import type { VimStruct } from '../vim/values';
import { array, moRef } from '../vim/values';
import { AFTER_PCI, BEFORE_PCI, FIXED_ON_PCI, PCI, device } from './fixed-devices';
import { data, enumOf, integers, size } from './scalars';

const KIB = 1024;

/** Controllers with the devices on them, one struct for each constellation: nearly all machines have the same. */
const controllers = new Map<string, VimStruct>();

function shared(key: string, make: () => VimStruct): VimStruct {
  let found = controllers.get(key);
  if (!found) controllers.set(key, (found = make()));
  return found;
}

export function devicesOf(world: World, devices: readonly Device[]) {
  const on = (key: number) => devices.filter((one) => controllerOf(one) === key).map((one) => one.key);
  const onPci = [...FIXED_ON_PCI, ...on(PCI)];
  const pci = shared(`pci ${onPci.join()}`, () =>
    device(
      'VirtualPCIController',
      PCI,
      'PCI controller 0',
      'PCI controller 0',
      {},
      {
        busNumber: 0,
        device: integers(onPci),
      },
    ),
  );
  return array('VirtualDevice', [
    ...BEFORE_PCI,
    pci,
    ...AFTER_PCI,
    ...devices.map((one) => own(world, one, devices, on)),
  ]);
}

export function controllerOf(one: Device): number {
  return one.kind === 'CARD' || one.kind === 'CONTROLLER' ? PCI : one.controllerKey;
}

function own(
  world: World,
  one: Device,
  all: readonly Device[],
  on: (key: number) => readonly number[],
): VimStruct {
  switch (one.kind) {
    case 'DISK':
      return disk(one, nth(all, one));
    case 'CARD':
      return card(world, one, nth(all, one));
    case 'CDROM':
      return shared(`cdrom ${one.key} ${one.iso} ${nth(all, one)} ${one.startConnected}`, () =>
        cdrom(one, nth(all, one)),
      );
    case 'CONTROLLER': {
      const attached = on(one.key);
      return shared(`${one.type} ${one.key} ${one.busNumber} ${attached.join()}`, () =>
        controller(one, attached),
      );
    }
  }
}

/** Labels count the devices of a kind from 1. */
function nth(all: readonly Device[], one: Device): number {
  return all.filter((other) => other.kind === one.kind && other.key <= one.key).length;
}

function controller({ type, key, busNumber }: Controller, attached: readonly number[]): VimStruct {
  const scsi = !/AHCI|NVME/.test(type);
  const label = scsi ? `SCSI controller ${busNumber}` : `SATA controller ${busNumber}`;
  const summary = type === 'ParaVirtualSCSIController' ? 'VMware paravirtual SCSI' : label;
  const unit = scsi
    ? { controllerKey: PCI, unitNumber: 3 + busNumber }
    : { controllerKey: PCI, unitNumber: 24 };
  return device(type, key, label, summary, unit, {
    busNumber,
    device: attached.length > 0 ? integers(attached) : undefined,
    ...(scsi
      ? { hotAddRemove: true, sharedBus: enumOf('VirtualSCSISharing', 'noSharing'), scsiCtlrUnitNumber: 7 }
      : {}),
  });
}

function disk(one: Disk, number: number): VimStruct {
  const kib = one.capacityBytes / KIB;
  return device(
    'VirtualDisk',
    one.key,
    `Hard disk ${number}`,
    `${String(kib).replace(/\B(?=(\d{3})+$)/g, ',')} KB`,
    {
      backing: diskBacking(one, one.file, one.parents),
      controllerKey: one.controllerKey,
      unitNumber: one.unitNumber,
    },
    { capacityInKB: size(kib), capacityInBytes: size(one.capacityBytes), shares: DISK_SHARES },
  );
}

const DISK_SHARES = data({ $type: 'SharesInfo', shares: 1000, level: enumOf('SharesLevel', 'normal') });

function diskBacking(one: Disk, file: string, parents: readonly string[]): VimStruct {
  const [parent, ...further] = parents;
  return data({
    $type: 'VirtualDiskFlatVer2BackingInfo',
    fileName: file,
    datastore: moRef('Datastore', one.datastore),
    backingObjectId: undefined,
    diskMode: one.mode,
    split: false,
    writeThrough: false,
    thinProvisioned: one.thin,
    uuid: one.uuid,
    contentId: undefined,
    changeId: undefined,
    parent: parent === undefined ? undefined : diskBacking(one, parent, further),
    digestEnabled: false,
    sharing: 'sharingNone',
  });
}

function card(world: World, one: Card, number: number): VimStruct {
  const network = world.lookUp(one.network);
  const distributed = network?.kind === 'PORT_GROUP';
  return device(
    one.type,
    one.key,
    `Network adapter ${number}`,
    distributed ? `DVSwitch: ${world.get('SWITCH', network.switchId).uuid}` : (network?.name ?? ''),
    {
      backing: cardBacking(world, one),
      connectable: data({
        $type: 'VirtualDeviceConnectInfo',
        migrateConnect: 'unset',
        startConnected: one.startConnected,
        allowGuestControl: one.allowGuestControl,
        connected: one.connected,
        status: one.connected ? 'ok' : 'untried',
      }),
      controllerKey: PCI,
      unitNumber: one.unitNumber,
    },
    {
      addressType: one.addressType,
      macAddress: one.macAddress,
      wakeOnLanEnabled: one.wakeOnLan,
      resourceAllocation: undefined,
      externalId: undefined,
      uptCompatibilityEnabled: one.type === 'VirtualVmxnet3',
    },
  );
}

function cardBacking(world: World, one: Card): VimStruct | undefined {
  const network = world.lookUp(one.network);
  if (network?.kind === 'PORT_GROUP')
    return data({
      $type: 'VirtualEthernetCardDistributedVirtualPortBackingInfo',
      port: data({
        $type: 'DistributedVirtualSwitchPortConnection',
        switchUuid: world.get('SWITCH', network.switchId).uuid,
        portgroupKey: network.ref.value,
        portKey: undefined,
        connectionCookie: undefined,
      }),
    });
  if (network?.kind !== 'NETWORK') return undefined;
  return data({
    $type: 'VirtualEthernetCardNetworkBackingInfo',
    deviceName: network.name,
    useAutoDetect: false,
    network: network.ref,
    inPassthroughMode: undefined,
  });
}

function cdrom(one: Cdrom, number: number): VimStruct {
  const backing =
    one.iso === null
      ? data({
          $type: 'VirtualCdromRemotePassthroughBackingInfo',
          deviceName: '',
          useAutoDetect: false,
          exclusive: false,
        })
      : data({ $type: 'VirtualCdromIsoBackingInfo', fileName: one.iso });
  const summary = one.iso === null ? 'Remote device' : `ISO ${one.iso}`;
  return device('VirtualCdrom', one.key, `CD/DVD drive ${number}`, summary, {
    backing,
    connectable: data({
      $type: 'VirtualDeviceConnectInfo',
      startConnected: one.startConnected,
      allowGuestControl: true,
      connected: false,
      status: 'untried',
    }),
    controllerKey: one.controllerKey,
    unitNumber: one.unitNumber,
  });
}

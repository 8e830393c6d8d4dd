import type { Card } from '../model/machine';
import { FIRST_CARD_KEY, FIRST_CARD_UNIT, nextMac } from '../model/new-machine';
import type { DistributedPortGroup, Network } from '../model/records';
import { optionalBoolean } from '../service/arguments';
import { VimFault } from '../vim/fault';
import { child, refOf, textOf } from '../vim/element';
import type { RequestElement } from '../vim/element';
import type { DeviceChange } from './config-spec';
import type { DeviceEdit } from './device-edit';
import { invalidBacking, invalidDevice } from './device-faults';

const MOST_CARDS = 10;
const MAC = /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/;

export const CARD_TYPES: ReadonlySet<string> = new Set([
  'VirtualVmxnet3',
  'VirtualVmxnet2',
  'VirtualE1000',
  'VirtualE1000e',
  'VirtualPCNet32',
]);

export function addCard(edit: DeviceEdit, change: DeviceChange): Card {
  const cards = edit.count('CARD');
  if (cards >= MOST_CARDS) throw new VimFault('TooManyDevices', { property: 'virtualDeviceSpec.device' });
  const network = networkOf(edit, change);
  if (!network) throw invalidBacking(change);
  const key = edit.freeKey(FIRST_CARD_KEY);
  const fresh: Card = {
    kind: 'CARD',
    type: change.type,
    key,
    unitNumber: FIRST_CARD_UNIT + key - FIRST_CARD_KEY,
    network: network.ref.value,
    macAddress: '',
    addressType: 'assigned',
    wakeOnLan: optionalBoolean(change.device, 'wakeOnLanEnabled') ?? true,
    connected: true,
    startConnected: true,
    allowGuestControl: true,
  };
  return { ...fresh, ...addressOf(edit, change, null), ...connectionOf(change.device, fresh) };
}

export function editCard(edit: DeviceEdit, change: DeviceChange, card: Card): Card {
  if (change.type !== card.type) throw invalidDevice(change, 'key');
  const network = child(change.device, 'backing') ? networkOf(edit, change) : null;
  return {
    ...card,
    network: network?.ref.value ?? card.network,
    ...addressOf(edit, change, card),
    ...connectionOf(change.device, card),
  };
}

/** Throws InvalidDeviceBacking for a network that is not there, that the host does not have, or that is an uplink. */
function networkOf(edit: DeviceEdit, change: DeviceChange): Network | DistributedPortGroup | null {
  const backing = child(change.device, 'backing');
  if (!backing) return null;
  const found = /DistributedVirtualPort/.test(backing.xsiType ?? '')
    ? distributed(edit, backing)
    : standard(edit, backing);
  if (!found) throw invalidBacking(change);
  return found;
}

function distributed({ world, machine }: DeviceEdit, backing: RequestElement): DistributedPortGroup | null {
  const port = child(backing, 'port');
  const group = world.lookUp((port && textOf(port, 'portgroupKey')?.trim()) ?? '');
  if (!port || group?.kind !== 'PORT_GROUP' || group.uplink) return null;
  const owner = world.get('SWITCH', group.switchId);
  const known = owner.uuid === textOf(port, 'switchUuid')?.trim() && owner.hosts.includes(machine.host);
  return known ? group : null;
}

function standard({ world, machine }: DeviceEdit, backing: RequestElement): Network | null {
  const ref = refOf(backing, 'network');
  const name = textOf(backing, 'deviceName');
  const host = world.get('HOST', machine.host);
  const group = host.portGroups.find((one) => (ref ? one.network === ref.value : one.name === name));
  return group ? world.get('NETWORK', group.network) : null;
}

type Address = Pick<Card, 'macAddress' | 'addressType'>;

/** An address that the client wants is `manual`; all others are assigned, and never given out twice. */
function addressOf(edit: DeviceEdit, change: DeviceChange, card: Card | null): Address {
  const type = textOf(change.device, 'addressType')?.trim().toLowerCase() ?? '';
  if (type === 'manual' || (type === '' && card?.addressType === 'manual'))
    return manualAddress(edit, change, card);
  if (card && card.addressType !== 'manual')
    return { macAddress: card.macAddress, addressType: card.addressType };
  return { macAddress: nextMac(edit.world), addressType: 'assigned' };
}

function manualAddress(edit: DeviceEdit, change: DeviceChange, card: Card | null): Address {
  const wanted = textOf(change.device, 'macAddress')?.trim().toLowerCase() ?? card?.macAddress ?? '';
  const moves = card !== null && wanted !== card.macAddress;
  if (!MAC.test(wanted) || (moves && edit.machine.powerState !== 'poweredOff'))
    throw invalidDevice(change, 'macAddress');
  return { macAddress: wanted, addressType: 'manual' };
}

type Connection = Pick<Card, 'connected' | 'startConnected' | 'allowGuestControl'>;

function connectionOf(device: RequestElement, before: Connection): Connection {
  const connectable = child(device, 'connectable');
  if (!connectable) {
    const { connected, startConnected, allowGuestControl } = before;
    return { connected, startConnected, allowGuestControl };
  }
  const startConnected = optionalBoolean(connectable, 'startConnected') ?? before.startConnected;
  return {
    connected: optionalBoolean(connectable, 'connected') ?? startConnected,
    startConnected,
    allowGuestControl: optionalBoolean(connectable, 'allowGuestControl') ?? before.allowGuestControl,
  };
}

import type { Card, Machine } from '../model/machine';
import { cardsOf } from '../model/machine';
import type { World } from '../model/world';
import type { VimStruct } from '../vim/values';
import { array } from '../vim/values';
import { guestFullName } from './guest-systems';
import { data, enumOf, strings } from './scalars';

const TOOLS_VERSION = '12352';

/** The IPv4 address a card has: 10, one octet of its network, two of its hardware address. Always the same. */
export function ipv4Of(card: Card): string {
  const network = Number(/\d+$/.exec(card.network)?.[0] ?? 0);
  const [high = 0, low = 0] = card.macAddress
    .split(':')
    .slice(4)
    .map((octet) => parseInt(octet, 16));
  return `10.${(network % 254) + 1}.${high}.${low}`;
}

/** The link-local address that a Linux guest makes of the hardware address (EUI-64). */
function linkLocalOf(card: Card): string {
  const octets = card.macAddress.split(':').map((octet) => parseInt(octet, 16));
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = octets;
  const groups = [((a ^ 2) << 8) | b, (c << 8) | 0xff, 0xfe00 | d, (e << 8) | f];
  return `fe80::${groups.map((group) => group.toString(16)).join(':')}`;
}

/** A guest's host name is its machine's name as far as DNS allows. */
export function hostNameOf(machine: Machine): string {
  const name = machine.name
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return name.slice(0, 63) || 'localhost';
}

export function guestInfo(world: World, machine: Machine): VimStruct {
  const { toolsRunning: running, hardware } = machine;
  const cards = running ? cardsOf(hardware).filter((card) => card.connected) : [];
  const [first] = cards;
  return data({
    $type: 'GuestInfo',
    toolsStatus: enumOf('VirtualMachineToolsStatus', running ? 'toolsOk' : 'toolsNotRunning'),
    toolsVersionStatus: 'guestToolsUnmanaged',
    toolsVersionStatus2: 'guestToolsUnmanaged',
    toolsRunningStatus: running ? 'guestToolsRunning' : 'guestToolsNotRunning',
    toolsVersion: TOOLS_VERSION,
    toolsInstallType: 'guestToolsTypeOpenVMTools',
    guestId: running ? hardware.guestId : undefined,
    guestFamily: running ? 'linuxGuest' : undefined,
    guestFullName: running ? guestFullName(hardware.guestId) : undefined,
    hostName: running ? hostNameOf(machine) : undefined,
    ipAddress: first && ipv4Of(first),
    net: array(
      'GuestNicInfo',
      cards.map((card) => guestCard(world, card)),
    ),
    guestState: running ? 'running' : 'notRunning',
    appHeartbeatStatus: 'appStatusGray',
    guestKernelCrashed: running ? false : undefined,
    appState: 'none',
    guestOperationsReady: running,
    interactiveGuestOperationsReady: false,
    guestStateChangeSupported: running,
  });
}

function guestCard(world: World, card: Card): VimStruct {
  const addresses = [ipv4Of(card), linkLocalOf(card)];
  return data({
    $type: 'GuestNicInfo',
    network: world.lookUp(card.network)?.name,
    ipAddress: strings(addresses),
    macAddress: card.macAddress,
    connected: true,
    deviceConfigId: card.key,
    ipConfig: data({
      $type: 'NetIpConfigInfo',
      ipAddress: array(
        'NetIpConfigInfoIpAddress',
        addresses.map((ipAddress, at) =>
          data({
            $type: 'NetIpConfigInfoIpAddress',
            ipAddress,
            prefixLength: at === 0 ? 16 : 64,
            state: 'preferred',
          }),
        ),
      ),
    }),
  });
}

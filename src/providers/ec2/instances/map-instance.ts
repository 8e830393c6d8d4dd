import type { Instance, InstanceNetworkInterface } from '@aws-sdk/client-ec2';
import type { NicObservation, PowerState, VmObservation } from '../../contract';
import { NETWORK_TAG, nameOf, tagValue } from '../map-marker';
import { stateOf } from './inventory-instance';
import type { InstanceState, InventoryInstance } from './inventory-instance';

/** A VM is what it was until it has become what it is to be. */
const POWER_STATES: Readonly<Record<InstanceState, PowerState>> = {
  pending: 'POWERED_OFF',
  running: 'POWERED_ON',
  stopping: 'POWERED_ON',
  stopped: 'POWERED_OFF',
  'shutting-down': 'UNKNOWN',
  terminated: 'UNKNOWN',
};

export function observe(vm: InventoryInstance): VmObservation {
  const { id, instance, marker, cpuCount, memoryMib, diskGib, observedAt } = vm;
  const name = nameOf(instance.Tags);
  return {
    externalId: id,
    marker,
    name: name === '' ? id : name,
    // A state that EC2 will have in times to come is no word of ours.
    powerState: POWER_STATES[stateOf(instance)] ?? 'UNKNOWN',
    cpuCount,
    memoryMib,
    diskGib,
    nics: nicsOf(instance),
    observedAt,
  };
}

function nicsOf({ NetworkInterfaces = [], Tags }: Instance): readonly NicObservation[] {
  const network = tagValue(Tags, NETWORK_TAG) ?? null;
  return NetworkInterfaces.toSorted((one, other) => indexOf(one) - indexOf(other)).map((card) => ({
    networkExternalId: card.VpcId === network ? network : null,
    macAddress: (card.MacAddress ?? '').toLowerCase(),
    ipAddresses: addressesOf(card),
  }));
}

function indexOf({ Attachment }: InstanceNetworkInterface): number {
  return Attachment?.DeviceIndex ?? 0;
}

/** The public addresses stand behind the card's own: EC2 translates them one to one. */
function addressesOf({ PrivateIpAddresses = [], Ipv6Addresses = [] }: InstanceNetworkInterface): string[] {
  const addresses = [
    ...PrivateIpAddresses.map(({ PrivateIpAddress }) => PrivateIpAddress),
    ...Ipv6Addresses.map(({ Ipv6Address }) => Ipv6Address),
    ...PrivateIpAddresses.map(({ Association }) => Association?.PublicIp),
  ];
  return addresses.filter((address) => address !== undefined && address !== '') as string[];
}

import type { Instance, NetworkInterface } from '../model/records';
import type { World } from '../model/world';
import { cardView, groupViews, privateDnsName } from '../networks/network-interfaces';
import { tagSet } from '../tags/tag-specifications';
import { instanceType } from '../types/catalog';
import type { XmlObject } from '../wire/xml';
import { stateView } from './states';

/** What was launched together; all of them, or those that a page has. */
export function reservationView(world: World, instances: readonly Instance[]): XmlObject {
  return {
    reservationId: instances[0]?.reservationId,
    ownerId: world.options.accountId,
    groupSet: [],
    instancesSet: instances.map((instance) => instanceView(world, instance)),
  };
}

/** The network interfaces of an instance; those of a terminated one are gone. */
export function cardsOf(world: World, { interfaceIds }: Instance): readonly NetworkInterface[] {
  return interfaceIds.flatMap((id) => world.tables['network-interface'].get(id) ?? []);
}

export function instanceView(world: World, instance: Instance): XmlObject {
  const cards = cardsOf(world, instance);
  return {
    instanceId: instance.id,
    imageId: instance.imageId,
    instanceState: stateView(instance.state),
    ...addressesView(world, instance, cards[0] ?? null),
    reason: instance.transitionReason,
    keyName: instance.keyName,
    amiLaunchIndex: instance.launchIndex,
    productCodes: [],
    instanceType: instance.instanceType,
    launchTime: new Date(instance.launchedAt),
    placement: { availabilityZone: instance.zone, groupName: '', tenancy: 'default' },
    monitoring: { state: instance.monitoring ? 'enabled' : 'disabled' },
    stateReason: instance.stateReason && { ...instance.stateReason },
    architecture: instance.architecture,
    rootDeviceType: 'ebs',
    rootDeviceName: instance.rootDeviceName,
    blockDeviceMapping: diskViews(instance),
    virtualizationType: 'hvm',
    clientToken: instance.clientToken,
    tagSet: tagSet(instance.tags),
    hypervisor: 'xen',
    networkInterfaceSet: cards.map((card) => cardView(world, card)),
    ebsOptimized: instance.ebsOptimized,
    enaSupport: true,
    cpuOptions: cpuView(instance),
    capacityReservationSpecification: { capacityReservationPreference: 'open' },
    hibernationOptions: { configured: false },
    metadataOptions: { state: 'applied', ...instance.metadataOptions, httpProtocolIpv6: 'disabled' },
    enclaveOptions: { enabled: false },
    bootMode: instance.architecture === 'arm64' ? 'uefi' : 'uefi-preferred',
    platformDetails: 'Linux/UNIX',
    usageOperation: 'RunInstances',
    maintenanceOptions: { autoRecovery: 'default' },
  };
}

function addressesView(world: World, instance: Instance, primary: NetworkInterface | null): XmlObject {
  if (primary === null) return { privateDnsName: '', dnsName: '' };
  return {
    privateDnsName: privateDnsName(world, primary.privateIp),
    dnsName: '',
    privateIpAddress: primary.privateIp,
    ipAddress: primary.publicIp,
    subnetId: instance.subnetId,
    vpcId: instance.vpcId,
    sourceDestCheck: primary.sourceDestCheck,
    groupSet: groupViews(world, primary.groupIds),
  };
}

function diskViews({ volumes }: Instance): readonly XmlObject[] {
  return volumes.map(({ deviceName, volumeId, attachedAt, deleteOnTermination }) => ({
    deviceName,
    ebs: { volumeId, status: 'attached', attachTime: new Date(attachedAt), deleteOnTermination },
  }));
}

function cpuView({ instanceType: id }: Instance): XmlObject | null {
  const type = instanceType(id);
  return type && { coreCount: type.vcpus / type.threadsPerCore, threadsPerCore: type.threadsPerCore };
}

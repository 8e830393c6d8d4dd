import type { FilterFields } from '../model/filters';
import type { Instance } from '../model/records';
import type { World } from '../model/world';
import { cardsOf } from './instance-view';
import { stateCode } from './states';

/** What instances are filtered by. */
export function instanceFilters(world: World): FilterFields<Instance> {
  const cards = (instance: Instance) => cardsOf(world, instance);
  const groupIds = (instance: Instance) => cards(instance).flatMap((card) => card.groupIds);
  const publicIps = (instance: Instance) => cards(instance).map(({ publicIp }) => publicIp);
  const ofLiving = (read: (instance: Instance) => string) => (instance: Instance) =>
    instance.state === 'terminated' ? null : read(instance);
  return {
    'instance-id': ({ id }) => id,
    'instance-state-name': ({ state }) => state,
    'instance-state-code': ({ state }) => stateCode(state),
    'instance-type': ({ instanceType }) => instanceType,
    'image-id': ({ imageId }) => imageId,
    'client-token': ({ clientToken }) => clientToken,
    'key-name': ({ keyName }) => keyName,
    architecture: ({ architecture }) => architecture,
    'availability-zone': ({ zone }) => zone,
    'vpc-id': ofLiving(({ vpcId }) => vpcId),
    'subnet-id': ofLiving(({ subnetId }) => subnetId),
    'owner-id': () => world.options.accountId,
    'reservation-id': ({ reservationId }) => reservationId,
    'launch-index': ({ launchIndex }) => launchIndex,
    'launch-time': ({ launchedAt }) => new Date(launchedAt).toISOString(),
    'private-ip-address': (instance) => cards(instance)[0]?.privateIp ?? null,
    'ip-address': (instance) => cards(instance)[0]?.publicIp ?? null,
    'instance.group-id': groupIds,
    'instance.group-name': (instance) =>
      groupIds(instance).map((id) => world.tables['security-group'].get(id)?.name ?? null),
    'network-interface.network-interface-id': ({ interfaceIds }) => interfaceIds,
    'network-interface.subnet-id': (instance) => cards(instance).map(({ subnetId }) => subnetId),
    'network-interface.vpc-id': (instance) => cards(instance).map(({ vpcId }) => vpcId),
    'network-interface.group-id': groupIds,
    'network-interface.mac-address': (instance) => cards(instance).map(({ mac }) => mac),
    'network-interface.addresses.private-ip-address': (instance) =>
      cards(instance).map(({ privateIp }) => privateIp),
    'network-interface.addresses.association.public-ip': publicIps,
    'network-interface.association.public-ip': publicIps,
    'block-device-mapping.volume-id': ({ volumes }) => volumes.map(({ volumeId }) => volumeId),
    'block-device-mapping.device-name': ({ volumes }) => volumes.map(({ deviceName }) => deviceName),
    'root-device-name': ({ rootDeviceName }) => rootDeviceName,
    'root-device-type': () => 'ebs',
    'state-reason-code': ({ stateReason }) => stateReason?.code ?? null,
    'state-reason-message': ({ stateReason }) => stateReason?.message ?? null,
    'monitoring-state': ({ monitoring }) => (monitoring ? 'enabled' : 'disabled'),
    tenancy: () => 'default',
    hypervisor: () => 'xen',
    'virtualization-type': () => 'hvm',
    platform: () => null,
    reason: ({ transitionReason }) => transitionReason,
  };
}

import type { Actions } from '../model/action';
import type { FilterFields } from '../model/filters';
import { list } from '../model/listing';
import type { NetworkInterface } from '../model/records';
import type { World } from '../model/world';
import { tagSet } from '../tags/tag-specifications';
import type { XmlObject, XmlValue } from '../wire/xml';

const FILTERS: FilterFields<NetworkInterface> = {
  'network-interface-id': ({ id }) => id,
  'subnet-id': ({ subnetId }) => subnetId,
  'vpc-id': ({ vpcId }) => vpcId,
  'availability-zone': ({ zone }) => zone,
  'group-id': ({ groupIds }) => groupIds,
  'private-ip-address': ({ privateIp }) => privateIp,
  'addresses.private-ip-address': ({ privateIp }) => privateIp,
  'association.public-ip': ({ publicIp }) => publicIp,
  'mac-address': ({ mac }) => mac,
  description: ({ description }) => description,
  status: () => 'in-use',
  'attachment.instance-id': ({ instanceId }) => instanceId,
  'attachment.attachment-id': ({ attachmentId }) => attachmentId,
  'attachment.device-index': ({ deviceIndex }) => deviceIndex,
};

export function networkInterfaceActions(world: World): Actions {
  const { accountId } = world.options;
  return {
    DescribeNetworkInterfaces: (parameters) => {
      const listing = {
        kind: 'network-interface',
        idParameter: 'NetworkInterfaceId',
        filters: FILTERS,
      } as const;
      const { items, nextToken } = list(world, parameters, listing);
      const views = items.map((card) => ({
        ...commonView(world, card),
        availabilityZone: card.zone,
        requesterManaged: false,
        attachment: { ...attachmentView(card), instanceId: card.instanceId, instanceOwnerId: accountId },
        tagSet: tagSet(card.tags),
      }));
      return { networkInterfaceSet: views, nextToken };
    },
  };
}

/** As an instance shows it. */
export function cardView(world: World, card: NetworkInterface): XmlObject {
  return { ...commonView(world, card), attachment: attachmentView(card) };
}

export function groupViews(world: World, ids: readonly string[]): XmlValue {
  return ids.map((groupId) => ({ groupId, groupName: world.tables['security-group'].get(groupId)?.name }));
}

export function privateDnsName(world: World, address: string): string {
  return `ip-${address.replaceAll('.', '-')}.${world.options.region}.compute.internal`;
}

function attachmentView(card: NetworkInterface): XmlObject {
  return {
    attachmentId: card.attachmentId,
    deviceIndex: card.deviceIndex,
    networkCardIndex: 0,
    status: 'attached',
    attachTime: new Date(card.attachedAt),
    deleteOnTermination: card.deleteOnTermination,
  };
}

function commonView(world: World, card: NetworkInterface): XmlObject {
  const association = card.publicIp && { publicIp: card.publicIp, publicDnsName: '', ipOwnerId: 'amazon' };
  const names = { privateIpAddress: card.privateIp, privateDnsName: privateDnsName(world, card.privateIp) };
  return {
    networkInterfaceId: card.id,
    subnetId: card.subnetId,
    vpcId: card.vpcId,
    description: card.description,
    ownerId: world.options.accountId,
    status: 'in-use',
    interfaceType: 'interface',
    macAddress: card.mac,
    ...names,
    sourceDestCheck: card.sourceDestCheck,
    groupSet: groupViews(world, card.groupIds),
    association,
    privateIpAddressesSet: [{ ...names, primary: true, association }],
    ipv6AddressesSet: [],
  };
}

import { ApiError, dependencyViolation } from '../wire/api-error';
import type { Parameters } from '../wire/parameters';
import type { XmlObject } from '../wire/xml';
import type { Actions } from '../model/action';
import type { FilterFields } from '../model/filters';
import { find } from '../model/ids';
import { list } from '../model/listing';
import type { InternetGateway } from '../model/records';
import type { World } from '../model/world';
import { readTagSpecifications, tagSet } from '../tags/tag-specifications';

const FILTERS: FilterFields<InternetGateway> = {
  'internet-gateway-id': ({ id }) => id,
  'attachment.vpc-id': ({ vpcId }) => vpcId,
  'attachment.state': ({ vpcId }) => (vpcId === null ? null : 'available'),
};

export function internetGatewayActions(world: World): Actions {
  const table = world.tables['internet-gateway'];
  const view = (gateway: InternetGateway): XmlObject => gatewayView(gateway, world.options.accountId);
  return {
    CreateInternetGateway: (parameters) => {
      const gateway = {
        id: world.newId('igw'),
        sequence: world.nextSequence(),
        due: null,
        tags: readTagSpecifications(parameters, ['internet-gateway'])('internet-gateway'),
        vpcId: null,
      };
      table.put(gateway, world.now());
      return { internetGateway: view(gateway) };
    },
    DescribeInternetGateways: (parameters) => {
      const listing = {
        kind: 'internet-gateway',
        idParameter: 'InternetGatewayId',
        filters: FILTERS,
      } as const;
      const { items, nextToken } = list(world, parameters, listing);
      return { internetGatewaySet: items.map(view), nextToken };
    },
    AttachInternetGateway: (parameters) => attach(world, parameters),
    DetachInternetGateway: (parameters) => detach(world, parameters),
    DeleteInternetGateway: (parameters) => {
      const { id, vpcId } = gatewayOf(world, parameters);
      if (vpcId !== null) {
        throw dependencyViolation(`The internetGateway '${id}' has dependencies and cannot be deleted.`);
      }
      table.remove(id, world.now());
      return { return: true };
    },
  };
}

function gatewayOf(world: World, parameters: Parameters): InternetGateway {
  return find(world, 'internet-gateway', parameters.required('InternetGatewayId'));
}

function attach(world: World, parameters: Parameters): XmlObject {
  const gateway = gatewayOf(world, parameters);
  const vpc = find(world, 'vpc', parameters.required('VpcId'));
  if (gateway.vpcId !== null) {
    const message = `resource ${gateway.id} is already attached to network ${gateway.vpcId}`;
    throw new ApiError('Resource.AlreadyAssociated', message);
  }
  const table = world.tables['internet-gateway'];
  if (table.all().some(({ vpcId }) => vpcId === vpc.id)) {
    const message = `Network ${vpc.id} already has an internet gateway attached`;
    throw new ApiError('InvalidParameterValue', message);
  }
  table.put({ ...gateway, vpcId: vpc.id }, world.now());
  return { return: true };
}

/** Not while an instance in the VPC is reached through it. */
function detach(world: World, parameters: Parameters): XmlObject {
  const gateway = gatewayOf(world, parameters);
  const { id: vpcId } = find(world, 'vpc', parameters.required('VpcId'));
  if (gateway.vpcId !== vpcId) {
    const message = `resource ${gateway.id} is not attached to network ${vpcId}`;
    throw new ApiError('Gateway.NotAttached', message);
  }
  const cards = world.tables['network-interface'].all();
  if (cards.some((card) => card.vpcId === vpcId && card.publicIp !== null)) {
    throw dependencyViolation(
      `Network ${vpcId} has some mapped public address(es). Please unmap those public address(es) before detaching the gateway.`,
    );
  }
  world.tables['internet-gateway'].put({ ...gateway, vpcId: null }, world.now());
  return { return: true };
}

function gatewayView(gateway: InternetGateway, ownerId: string): XmlObject {
  const { vpcId } = gateway;
  return {
    internetGatewayId: gateway.id,
    ownerId,
    attachmentSet: vpcId === null ? [] : [{ vpcId, state: 'available' }],
    tagSet: tagSet(gateway.tags),
  };
}

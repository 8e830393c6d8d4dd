import { ApiError, dependencyViolation } from '../wire/api-error';
import type { Parameters } from '../wire/parameters';
import type { XmlObject } from '../wire/xml';
import type { Actions } from '../model/action';
import type { FilterFields } from '../model/filters';
import { find } from '../model/ids';
import { list } from '../model/listing';
import type { RouteTable } from '../model/records';
import type { World } from '../model/world';
import { readTagSpecifications, tagSet } from '../tags/tag-specifications';
import { routeActions, routeView } from './routes';

const FILTERS: FilterFields<RouteTable> = {
  'route-table-id': ({ id }) => id,
  'vpc-id': ({ vpcId }) => vpcId,
  'association.main': ({ associations }) => associations.map(({ subnetId }) => String(subnetId === null)),
  'association.subnet-id': ({ associations }) => associations.map(({ subnetId }) => subnetId),
  'association.route-table-association-id': ({ associations }) => associations.map(({ id }) => id),
  'association.route-table-id': ({ id, associations }) => (associations.length > 0 ? id : null),
  'route.destination-cidr-block': ({ routes }) => routes.map(({ destination }) => destination),
  'route.gateway-id': ({ routes }) => routes.map(({ gatewayId }) => gatewayId ?? 'local'),
  'route.state': ({ routes }) => (routes.length > 0 ? 'active' : null),
};

export function routeTableActions(world: World): Actions {
  const view = (table: RouteTable): XmlObject => tableView(world, table);
  return {
    ...routeActions(world),
    CreateRouteTable: (parameters) => ({ routeTable: view(createTable(world, parameters)) }),
    DescribeRouteTables: (parameters) => {
      const listing = { kind: 'route-table', idParameter: 'RouteTableId', filters: FILTERS } as const;
      const { items, nextToken } = list(world, parameters, listing);
      return { routeTableSet: items.map(view), nextToken };
    },
    DeleteRouteTable: (parameters) => {
      const { id, associations } = find(world, 'route-table', parameters.required('RouteTableId'));
      if (associations.length > 0) {
        throw dependencyViolation(`The routeTable '${id}' has dependencies and cannot be deleted.`);
      }
      world.tables['route-table'].remove(id, world.now());
      return { return: true };
    },
    AssociateRouteTable: (parameters) => associate(world, parameters),
    DisassociateRouteTable: (parameters) => disassociate(world, parameters),
  };
}

function createTable(world: World, parameters: Parameters): RouteTable {
  const vpc = find(world, 'vpc', parameters.required('VpcId'));
  const table: RouteTable = {
    id: world.newId('rtb'),
    sequence: world.nextSequence(),
    due: null,
    tags: readTagSpecifications(parameters, ['route-table'])('route-table'),
    vpcId: vpc.id,
    routes: [{ destination: vpc.cidr, gatewayId: null }],
    associations: [],
  };
  world.tables['route-table'].put(table, world.now());
  return table;
}

/** A subnet has one table; until it is given one, that is the main table of its VPC. */
function associate(world: World, parameters: Parameters): XmlObject {
  const table = find(world, 'route-table', parameters.required('RouteTableId'));
  const subnet = find(world, 'subnet', parameters.required('SubnetId'));
  if (table.vpcId !== subnet.vpcId) {
    const message = `Route table ${table.id} and subnet ${subnet.id} belong to different networks`;
    throw new ApiError('InvalidParameterValue', message);
  }
  const routeTables = world.tables['route-table'];
  const holder = routeTables
    .all()
    .find(({ associations }) => associations.some(({ subnetId }) => subnetId === subnet.id));
  const before = holder?.associations.find(({ subnetId }) => subnetId === subnet.id);
  if (holder && before) {
    if (holder.id === table.id) return associatedView(before.id);
    const message = `the specified association for route table ${table.id} conflicts with an existing association`;
    throw new ApiError('Resource.AlreadyAssociated', message);
  }
  const id = world.newId('rtbassoc');
  const associations = [...table.associations, { id, subnetId: subnet.id }];
  routeTables.put({ ...table, associations }, world.now());
  return associatedView(id);
}

function associatedView(associationId: string): XmlObject {
  return { associationId, associationState: { state: 'associated' } };
}

function disassociate(world: World, parameters: Parameters): XmlObject {
  const wanted = parameters.required('AssociationId');
  const routeTables = world.tables['route-table'];
  const table = routeTables.all().find(({ associations }) => associations.some(({ id }) => id === wanted));
  const association = table?.associations.find(({ id }) => id === wanted);
  if (!table || !association) {
    const message = `The association ID '${wanted}' does not exist`;
    throw new ApiError('InvalidAssociationID.NotFound', message);
  }
  if (association.subnetId === null) {
    throw new ApiError('InvalidParameterValue', 'cannot disassociate the main route table association');
  }
  const associations = table.associations.filter(({ id }) => id !== wanted);
  routeTables.put({ ...table, associations }, world.now());
  return { return: true };
}

function tableView(world: World, table: RouteTable): XmlObject {
  return {
    routeTableId: table.id,
    vpcId: table.vpcId,
    ownerId: world.options.accountId,
    routeSet: table.routes.map((route) => routeView(world, route)),
    associationSet: table.associations.map(({ id, subnetId }) => ({
      routeTableAssociationId: id,
      routeTableId: table.id,
      subnetId,
      main: subnetId === null,
      associationState: { state: 'associated' },
    })),
    propagatingVgwSet: [],
    tagSet: tagSet(table.tags),
  };
}

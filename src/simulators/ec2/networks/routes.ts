import { ApiError, invalidValue, missingParameter } from '../wire/api-error';
import type { Parameters } from '../wire/parameters';
import type { XmlObject } from '../wire/xml';
import type { Actions } from '../model/action';
import { readCidr, writeCidr } from '../model/cidr';
import { find } from '../model/ids';
import type { Route, RouteTable } from '../model/records';
import type { World } from '../model/world';

export function routeActions(world: World): Actions {
  return {
    CreateRoute: (parameters) => createRoute(world, parameters),
    ReplaceRoute: (parameters) => replaceRoute(world, parameters),
    DeleteRoute: (parameters) => deleteRoute(world, parameters),
  };
}

interface Target {
  readonly table: RouteTable;
  readonly destination: string;
}

function readTarget(world: World, parameters: Parameters): Target {
  const table = find(world, 'route-table', parameters.required('RouteTableId'));
  const text = parameters.required('DestinationCidrBlock');
  return { table, destination: writeCidr(readCidr('DestinationCidrBlock', text)) };
}

/** Only gateways to the internet: of the other targets there are none here. */
function readGateway(world: World, parameters: Parameters, { vpcId }: RouteTable): string {
  const gatewayId = parameters.text('GatewayId');
  if (gatewayId === null) throw missingParameter('GatewayId');
  const gateway = find(world, 'internet-gateway', gatewayId);
  if (gateway.vpcId !== vpcId) {
    const message = `route table and network gateway ${gatewayId} belong to different networks`;
    throw new ApiError('InvalidParameterValue', message);
  }
  return gatewayId;
}

function put(world: World, table: RouteTable, routes: readonly Route[]): void {
  world.tables['route-table'].put({ ...table, routes }, world.now());
}

function createRoute(world: World, parameters: Parameters): XmlObject {
  const { table, destination } = readTarget(world, parameters);
  const gatewayId = readGateway(world, parameters, table);
  const before = table.routes.find((route) => route.destination === destination);
  if (before && before.gatewayId !== gatewayId) {
    const message = `The route identified by ${destination} already exists.`;
    throw new ApiError('RouteAlreadyExists', message);
  }
  if (!before) put(world, table, [...table.routes, { destination, gatewayId }]);
  return { return: true };
}

function existing({ table, destination }: Target): Route {
  const route = table.routes.find((one) => one.destination === destination);
  if (route === undefined) {
    const message = `no route with destination-cidr-block ${destination} in route table ${table.id}`;
    throw new ApiError('InvalidRoute.NotFound', message);
  }
  if (route.gatewayId === null) {
    throw invalidValue('DestinationCidrBlock', destination, 'The local route cannot be changed');
  }
  return route;
}

function replaceRoute(world: World, parameters: Parameters): XmlObject {
  const target = readTarget(world, parameters);
  const before = existing(target);
  const after = { ...before, gatewayId: readGateway(world, parameters, target.table) };
  const routes = target.table.routes.map((route) => (route === before ? after : route));
  put(world, target.table, routes);
  return { return: true };
}

function deleteRoute(world: World, parameters: Parameters): XmlObject {
  const target = readTarget(world, parameters);
  const doomed = existing(target);
  const routes = target.table.routes.filter((route) => route !== doomed);
  put(world, target.table, routes);
  return { return: true };
}

/** A route whose gateway was detached or removed leads nowhere. */
export function routeView(world: World, { destination, gatewayId }: Route): XmlObject {
  const leads = gatewayId === null || world.tables['internet-gateway'].get(gatewayId)?.vpcId != null;
  return {
    destinationCidrBlock: destination,
    gatewayId: gatewayId ?? 'local',
    state: leads ? 'active' : 'blackhole',
    origin: gatewayId === null ? 'CreateRouteTable' : 'CreateRoute',
  };
}

import { z } from 'zod';
import type { Cloud } from '../model/cloud';
import type { Port, Router, Subnet } from '../model/records';
import type { World } from '../model/world';
import type { ApiCall, ApiResult } from '../wire/api-call';
import { readAs } from '../wire/read';
import type { Route } from '../wire/route';
import { makePort, removePort } from './make-port';
import { badRequest, neutronError, notFound } from './neutron-error';
import { touch } from './new-object';
import { interfacesOf, ROUTER_INTERFACE } from './routers';

const bodySchema = z.object({ subnet_id: z.string().optional(), port_id: z.string().optional() });

/** A router in a network: it takes the subnet's gateway address, unless it is brought a port of its own. */
export function routerInterfaceRoutes({ world }: Cloud): readonly Route[] {
  return [
    { method: 'PUT', pattern: '/routers/:id/add_router_interface', handle: (call) => add(world, call) },
    { method: 'PUT', pattern: '/routers/:id/remove_router_interface', handle: (call) => remove(world, call) },
  ];
}

function add(world: World, call: ApiCall): ApiResult {
  const router = routerOf(world, call);
  const asked = readAs(bodySchema, call.body, badRequest);
  if (asked.port_id !== undefined) return addPort(world, router, asked.port_id, call);
  const subnet = subnetOf(world, asked.subnet_id ?? '', call);
  if (interfacesOf(world, router.id).some((port) => isOn(port, subnet.id))) {
    throw badRouter(`Router already has a port on subnet ${subnet.id}.`);
  }
  if (subnet.gatewayIp === null) {
    throw badRouter(`Subnet for router interface must have a gateway IP`);
  }
  const port = makePort(world, {
    networkId: subnet.networkId,
    projectId: router.projectId,
    addresses: [{ subnetId: subnet.id, ipAddress: subnet.gatewayIp }],
    deviceId: router.id,
    deviceOwner: ROUTER_INTERFACE,
    securityGroupIds: [],
  });
  touch(world, router);
  return reply(router, port);
}

function addPort(world: World, router: Router, portId: string, { caller }: ApiCall): ApiResult {
  const port = world.ports.get(portId);
  if (port?.projectId !== caller.projectId) throw notFound('Port', portId);
  if (port.deviceId !== '') {
    const words = `Unable to complete operation on port ${port.id} for network ${port.networkId}. Port already has an attached device ${port.deviceId}.`;
    throw neutronError(409, 'PortInUse', words);
  }
  Object.assign(port, { deviceId: router.id, deviceOwner: ROUTER_INTERFACE, status: 'ACTIVE' });
  touch(world, port);
  return reply(router, port);
}

function remove(world: World, call: ApiCall): ApiResult {
  const router = routerOf(world, call);
  const asked = readAs(bodySchema, call.body, badRequest);
  const port = interfacesOf(world, router.id).find(({ id, fixedIps }) =>
    asked.port_id === undefined
      ? fixedIps.some(({ subnetId }) => subnetId === asked.subnet_id)
      : id === asked.port_id,
  );
  if (!port) {
    if (asked.port_id === undefined) subnetOf(world, asked.subnet_id ?? '', call);
    const words = `Router ${router.id} does not have an interface with id ${asked.port_id ?? asked.subnet_id ?? ''}`;
    throw neutronError(404, 'RouterInterfaceNotFound', words);
  }
  const [{ subnetId } = { subnetId: '' }] = port.fixedIps;
  if (isNeeded(world, router.id, subnetId)) {
    const words = `Router interface for subnet ${subnetId} on router ${router.id} cannot be deleted, as it is required by one or more floating IPs.`;
    throw neutronError(409, 'RouterInterfaceInUseByFloatingIP', words);
  }
  removePort(world, port.id);
  touch(world, router);
  return reply(router, port);
}

function isNeeded(world: World, routerId: string, subnetId: string): boolean {
  return [...world.floatingIps.values()].some((floatingIp) => {
    const port = world.ports.get(floatingIp.portId ?? '');
    return floatingIp.routerId === routerId && port !== undefined && isOn(port, subnetId);
  });
}

function isOn({ fixedIps }: Port, wanted: string): boolean {
  return fixedIps.some(({ subnetId }) => subnetId === wanted);
}

function routerOf(world: World, { params, caller }: ApiCall): Router {
  const router = world.routers.get(params['id'] ?? '');
  if (router?.projectId !== caller.projectId) throw notFound('Router', params['id'] ?? '');
  return router;
}

function subnetOf(world: World, id: string, { caller }: ApiCall): Subnet {
  const subnet = world.subnets.get(id);
  if (subnet?.projectId !== caller.projectId) throw notFound('Subnet', id);
  return subnet;
}

function badRouter(reason: string): Error {
  return neutronError(400, 'BadRequest', `Bad router request: ${reason}`);
}

function reply(router: Router, port: Port): ApiResult {
  const subnetIds = port.fixedIps.map(({ subnetId }) => subnetId);
  const body = {
    id: router.id,
    tenant_id: router.projectId,
    port_id: port.id,
    network_id: port.networkId,
    subnet_id: subnetIds[0],
    subnet_ids: subnetIds,
  };
  return { status: 200, body };
}

import { z } from 'zod';
import type { Cloud } from '../model/cloud';
import type { Network, Port, Router } from '../model/records';
import type { World } from '../model/world';
import { describable, describe, owned } from './common-schema';
import { commonView } from './common-view';
import { makePort, removePort } from './make-port';
import { neutronError, notFound, overQuota } from './neutron-error';
import { newObject } from './new-object';
import type { Resource } from './resource';

const gatewaySchema = z
  .strictObject({
    network_id: z.string().optional(),
    enable_snat: z.boolean().optional(),
    external_fixed_ips: z
      .array(z.strictObject({ subnet_id: z.string().optional(), ip_address: z.string().optional() }))
      .optional(),
  })
  .nullable();
const changeable = {
  ...describable,
  admin_state_up: z.boolean().optional(),
  external_gateway_info: gatewaySchema.optional(),
};
const createSchema = z.strictObject({ ...changeable, ...owned });
const updateSchema = z.strictObject(changeable);

type GatewayRequest = z.output<typeof gatewaySchema>;

export const ROUTER_GATEWAY = 'network:router_gateway';
export const ROUTER_INTERFACE = 'network:router_interface';

export function routerResource({
  world,
  options,
}: Cloud): Resource<Router, typeof createSchema, typeof updateSchema> {
  return {
    path: 'routers',
    member: 'router',
    collection: 'routers',
    noun: 'Router',
    rows: world.routers,
    filters: [],
    createSchema,
    updateSchema,
    isShared: () => false,
    view: (router) => ({
      ...commonView(router),
      admin_state_up: router.adminStateUp,
      status: 'ACTIVE',
      external_gateway_info: gatewayView(world, router),
      availability_zones: [],
      availability_zone_hints: [],
      routes: [],
      flavor_id: null,
    }),
    create: (asked, { projectId }) => {
      const count = [...world.routers.values()].filter((one) => one.projectId === projectId).length;
      if (count >= options.quota.routers) throw overQuota('router');
      const base = newObject(world, projectId, asked);
      const router: Router = { ...base, adminStateUp: asked.admin_state_up ?? true, gateway: null };
      if (asked.external_gateway_info) setGateway(world, router, asked.external_gateway_info);
      world.routers.set(router.id, router);
      return router;
    },
    update: (router, asked) => {
      describe(router, asked);
      if (asked.admin_state_up !== undefined) router.adminStateUp = asked.admin_state_up;
      if (asked.external_gateway_info !== undefined) setGateway(world, router, asked.external_gateway_info);
    },
    remove: (router) => {
      const ids = interfacesOf(world, router.id).map(({ id }) => id);
      if (ids.length > 0) {
        const words = `Router ${router.id} has ports still attached: ${ids.join(', ')}`;
        throw neutronError(409, 'RouterInUse', words);
      }
      setGateway(world, router, null);
      world.routers.delete(router.id);
    },
  };
}

export function interfacesOf(world: World, routerId: string): readonly Port[] {
  return [...world.ports.values()].filter(
    ({ deviceId, deviceOwner }) => deviceId === routerId && deviceOwner === ROUTER_INTERFACE,
  );
}

function setGateway(world: World, router: Router, asked: GatewayRequest): void {
  if (asked?.network_id === undefined) {
    dropGateway(world, router);
    return;
  }
  if (asked.network_id === router.gateway?.networkId) return;
  const network = externalNetwork(world, asked.network_id);
  dropGateway(world, router);
  const { external_fixed_ips: fixedIps = [], enable_snat: enableSnat = true } = asked;
  const port = makePort(world, {
    networkId: network.id,
    // A gateway's port belongs to nobody: the project does not see it.
    projectId: '',
    addresses: fixedIps.length > 0 ? requestsOf(fixedIps) : null,
    deviceId: router.id,
    deviceOwner: ROUTER_GATEWAY,
    securityGroupIds: [],
  });
  router.gateway = { networkId: network.id, enableSnat, portId: port.id };
}

function externalNetwork(world: World, id: string): Network {
  const network = world.networks.get(id);
  if (!network) throw notFound('Network', id);
  if (network.isExternal) return network;
  throw neutronError(400, 'BadRequest', `Bad router request: Network ${id} is not an external network.`);
}

function requestsOf(asked: NonNullable<NonNullable<GatewayRequest>['external_fixed_ips']>) {
  return asked.map((one) => ({ subnetId: one.subnet_id, ipAddress: one.ip_address }));
}

function dropGateway(world: World, router: Router): void {
  if (!router.gateway) return;
  if ([...world.floatingIps.values()].some(({ routerId }) => routerId === router.id)) {
    const words = `Gateway cannot be updated for router ${router.id}, since a gateway to external network ${router.gateway.networkId} is required by one or more floating IPs.`;
    throw neutronError(409, 'RouterExternalGatewayInUseByFloatingIp', words);
  }
  removePort(world, router.gateway.portId);
  router.gateway = null;
}

function gatewayView(world: World, { gateway }: Router) {
  if (!gateway) return null;
  const fixedIps = world.ports.get(gateway.portId)?.fixedIps ?? [];
  return {
    network_id: gateway.networkId,
    external_fixed_ips: fixedIps.map((one) => ({ subnet_id: one.subnetId, ip_address: one.ipAddress })),
    enable_snat: gateway.enableSnat,
  };
}

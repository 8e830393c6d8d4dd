import { z } from 'zod';
import type { Cloud } from '../model/cloud';
import type { FloatingIp, Port } from '../model/records';
import type { World } from '../model/world';
import type { Caller } from '../wire/api-call';
import { describable, owned } from './common-schema';
import { commonView } from './common-view';
import { makePort, removePort } from './make-port';
import { neutronError, notFound, overQuota } from './neutron-error';
import { newObject } from './new-object';
import type { Resource } from './resource';
import { interfacesOf } from './routers';

const changeable = {
  description: describable.description,
  port_id: z.string().nullable().optional(),
  fixed_ip_address: z.string().nullable().optional(),
};
const createSchema = z.strictObject({
  ...changeable,
  ...owned,
  floating_network_id: z.string(),
  floating_ip_address: z.string().optional(),
  subnet_id: z.string().optional(),
});
const updateSchema = z.strictObject(changeable);

export function floatingIpResource({
  world,
  options,
}: Cloud): Resource<FloatingIp, typeof createSchema, typeof updateSchema> {
  return {
    path: 'floatingips',
    member: 'floatingip',
    collection: 'floatingips',
    noun: 'Floating IP',
    rows: world.floatingIps,
    filters: ['floating_network_id', 'floating_ip_address', 'fixed_ip_address', 'port_id', 'router_id'],
    createSchema,
    updateSchema,
    isShared: () => false,
    view: (floatingIp) => view(world, floatingIp),
    create: (asked, caller) => {
      const count = [...world.floatingIps.values()].filter((one) => one.projectId === caller.projectId);
      if (count.length >= options.quota.floatingIps) throw overQuota('floatingip');
      return create(world, asked, caller);
    },
    update: (floatingIp, asked, caller) => {
      if (asked.description !== undefined) floatingIp.description = asked.description ?? '';
      if (asked.port_id !== undefined) {
        associate(world, floatingIp, asked.port_id, asked.fixed_ip_address ?? null, caller);
      }
    },
    remove: ({ id, gatewayPortId }) => {
      removePort(world, gatewayPortId);
      world.floatingIps.delete(id);
    },
  };
}

function create(world: World, asked: z.output<typeof createSchema>, caller: Caller): FloatingIp {
  const network = world.networks.get(asked.floating_network_id);
  if (!network) throw notFound('Network', asked.floating_network_id);
  if (!network.isExternal) throw bad(`Network ${network.id} is not a valid external network.`);
  const base = newObject(world, caller.projectId, { description: asked.description });
  const request = { subnetId: asked.subnet_id, ipAddress: asked.floating_ip_address };
  const isChosen = request.subnetId !== undefined || request.ipAddress !== undefined;
  const port = makePort(world, {
    networkId: network.id,
    projectId: '',
    addresses: isChosen ? [request] : null,
    deviceId: base.id,
    deviceOwner: 'network:floatingip',
    securityGroupIds: [],
  });
  const floatingIp: FloatingIp = {
    ...base,
    floatingNetworkId: network.id,
    floatingIpAddress: port.fixedIps[0]?.ipAddress ?? '',
    gatewayPortId: port.id,
    portId: null,
    fixedIpAddress: null,
    routerId: null,
  };
  if (asked.port_id != null) {
    try {
      associate(world, floatingIp, asked.port_id, asked.fixed_ip_address ?? null, caller);
    } catch (error) {
      removePort(world, port.id);
      throw error;
    }
  }
  world.floatingIps.set(floatingIp.id, floatingIp);
  return floatingIp;
}

/** @param portId null: it leads nowhere any more */
function associate(
  world: World,
  floatingIp: FloatingIp,
  portId: string | null,
  fixedIp: string | null,
  { projectId }: Caller,
): void {
  if (portId === null) {
    Object.assign(floatingIp, { portId: null, fixedIpAddress: null, routerId: null });
    return;
  }
  const port = world.ports.get(portId);
  if (port?.projectId !== projectId) throw notFound('Port', portId);
  const address = port.fixedIps.find(({ ipAddress }) => fixedIp === null || ipAddress === fixedIp);
  if (!address) throw bad(`Cannot add floating IP to port ${portId} that has no fixed IPv4 addresses`);
  const other = [...world.floatingIps.values()].find((one) => one.portId === portId);
  if (other && other.id !== floatingIp.id) {
    const words = `Cannot associate floating IP ${floatingIp.floatingIpAddress} (${floatingIp.id}) with port ${portId} using fixed IP ${address.ipAddress}, as that fixed IP already has a floating IP on external network ${floatingIp.floatingNetworkId}.`;
    throw neutronError(409, 'FloatingIPPortAlreadyAssociated', words);
  }
  const routerId = routerFor(world, port, address.subnetId, floatingIp.floatingNetworkId);
  if (routerId === null) {
    const words = `External network ${floatingIp.floatingNetworkId} is not reachable from subnet ${address.subnetId}.  Therefore, cannot associate Port ${portId} with a Floating IP.`;
    throw neutronError(404, 'ExternalGatewayForFloatingIPNotFound', words);
  }
  Object.assign(floatingIp, { portId, fixedIpAddress: address.ipAddress, routerId });
}

function routerFor(world: World, port: Port, subnetId: string, externalId: string): string | null {
  for (const router of world.routers.values()) {
    if (router.gateway?.networkId !== externalId) continue;
    const isThere = interfacesOf(world, router.id).some(
      ({ networkId, fixedIps }) =>
        networkId === port.networkId && fixedIps.some((one) => one.subnetId === subnetId),
    );
    if (isThere) return router.id;
  }
  return null;
}

function bad(reason: string): Error {
  return neutronError(400, 'BadRequest', `Bad floatingip request: ${reason}`);
}

function view(world: World, floatingIp: FloatingIp) {
  const { name: _name, ...common } = commonView(floatingIp);
  const port = world.ports.get(floatingIp.portId ?? '');
  return {
    ...common,
    floating_ip_address: floatingIp.floatingIpAddress,
    floating_network_id: floatingIp.floatingNetworkId,
    router_id: floatingIp.routerId,
    port_id: floatingIp.portId,
    fixed_ip_address: floatingIp.fixedIpAddress,
    status: floatingIp.portId === null ? 'DOWN' : 'ACTIVE',
    port_details: port
      ? {
          name: port.name,
          network_id: port.networkId,
          mac_address: port.macAddress,
          admin_state_up: port.adminStateUp,
          status: port.status,
          device_id: port.deviceId,
          device_owner: port.deviceOwner,
        }
      : null,
  };
}

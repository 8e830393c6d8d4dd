import { z } from 'zod';
import type { Cloud } from '../model/cloud';
import type { Network } from '../model/records';
import type { World } from '../model/world';
import { subnetsOf } from './addresses';
import { commonView } from './common-view';
import { describable, describe, owned } from './common-schema';
import { neutronError, overQuota } from './neutron-error';
import { newObject } from './new-object';
import { removePort } from './make-port';
import type { Resource } from './resource';

/** What a VXLAN leaves of 1500. */
const TENANT_MTU = 1_450;

const createSchema = z.strictObject({
  ...describable,
  ...owned,
  admin_state_up: z.boolean().optional(),
  port_security_enabled: z.boolean().optional(),
  mtu: z.int().min(68).max(TENANT_MTU).optional(),
  shared: z.literal(false).optional(),
  'router:external': z.literal(false).optional(),
});
const updateSchema = z.strictObject({
  ...describable,
  admin_state_up: z.boolean().optional(),
  port_security_enabled: z.boolean().optional(),
});

export function networkResource({
  world,
  options,
}: Cloud): Resource<Network, typeof createSchema, typeof updateSchema> {
  return {
    path: 'networks',
    member: 'network',
    collection: 'networks',
    noun: 'Network',
    rows: world.networks,
    filters: ['router:external', 'shared', 'mtu', 'port_security_enabled', 'subnets'],
    createSchema,
    updateSchema,
    isShared: ({ shared, isExternal }) => shared || isExternal,
    view: (network) => networkView(world, network),
    create: (asked, { projectId }) => {
      const count = [...world.networks.values()].filter((one) => one.projectId === projectId).length;
      if (count >= options.quota.networks) throw overQuota('network');
      const network: Network = {
        ...newObject(world, projectId, asked),
        adminStateUp: asked.admin_state_up ?? true,
        shared: false,
        isExternal: false,
        mtu: asked.mtu ?? TENANT_MTU,
        portSecurityEnabled: asked.port_security_enabled ?? true,
      };
      world.networks.set(network.id, network);
      return network;
    },
    update: (network, asked) => {
      describe(network, asked);
      if (asked.admin_state_up !== undefined) network.adminStateUp = asked.admin_state_up;
      if (asked.port_security_enabled !== undefined)
        network.portSecurityEnabled = asked.port_security_enabled;
    },
    remove: ({ id }) => remove(world, id),
  };
}

function networkView(world: World, network: Network) {
  return {
    ...commonView(network),
    admin_state_up: network.adminStateUp,
    mtu: network.mtu,
    status: 'ACTIVE',
    subnets: subnetsOf(world, network.id).map(({ id }) => id),
    shared: network.shared,
    port_security_enabled: network.portSecurityEnabled,
    'router:external': network.isExternal,
    is_default: false,
    availability_zone_hints: [],
    availability_zones: [],
    ipv4_address_scope: null,
    ipv6_address_scope: null,
  };
}

/** With what the network made for itself; not while anybody else is in it. */
function remove(world: World, id: string): void {
  const ports = [...world.ports.values()].filter(({ networkId }) => networkId === id);
  const used = ports.filter(({ deviceOwner }) => deviceOwner !== 'network:dhcp');
  if (used.length > 0) {
    const ids = used.map((port) => port.id).join(', ');
    const words = `Unable to complete operation on network ${id}. There are one or more ports still in use on the network, id for these ports is: ${ids}.`;
    throw neutronError(409, 'NetworkInUse', words);
  }
  for (const port of ports) removePort(world, port.id);
  for (const subnet of subnetsOf(world, id)) world.subnets.delete(subnet.id);
  world.networks.delete(id);
}

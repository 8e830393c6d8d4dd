import { z } from 'zod';
import type { Cloud } from '../model/cloud';
import type { Port } from '../model/records';
import type { World } from '../model/world';
import type { Caller } from '../wire/api-call';
import { allocateAddresses } from './addresses';
import { describable, describe, owned } from './common-schema';
import { commonView } from './common-view';
import { makePort, removePort } from './make-port';
import { neutronError, notFound } from './neutron-error';
import type { Resource } from './resource';
import { defaultGroup } from './security-groups';

const fixedIpsSchema = z.array(
  z.strictObject({ subnet_id: z.string().optional(), ip_address: z.string().optional() }),
);
const changeable = {
  ...describable,
  admin_state_up: z.boolean().optional(),
  fixed_ips: fixedIpsSchema.optional(),
  security_groups: z.array(z.string()).nullable().optional(),
  device_id: z.string().optional(),
  device_owner: z.string().optional(),
  port_security_enabled: z.boolean().optional(),
};
const createSchema = z.strictObject({
  ...changeable,
  ...owned,
  network_id: z.string(),
  mac_address: z.string().optional(),
});
const updateSchema = z.strictObject(changeable);

export function portResource({ world }: Cloud): Resource<Port, typeof createSchema, typeof updateSchema> {
  return {
    path: 'ports',
    member: 'port',
    collection: 'ports',
    noun: 'Port',
    rows: world.ports,
    filters: ['network_id', 'device_id', 'device_owner', 'mac_address', 'fixed_ips', 'security_groups'],
    createSchema,
    updateSchema,
    isShared: () => false,
    view: portView,
    create: (asked, caller) => create(world, asked, caller),
    update: (port, asked, { projectId }) => {
      describe(port, asked);
      if (asked.fixed_ips) {
        port.fixedIps = allocateAddresses(world, port.networkId, requestsOf(asked.fixed_ips));
      }
      if (asked.security_groups) port.securityGroupIds = groups(world, projectId, asked.security_groups);
      if (asked.admin_state_up !== undefined) port.adminStateUp = asked.admin_state_up;
      if (asked.device_id !== undefined) port.deviceId = asked.device_id;
      if (asked.device_owner !== undefined) port.deviceOwner = asked.device_owner;
    },
    remove: ({ id, deviceOwner }) => {
      if (deviceOwner.startsWith('network:router')) {
        const words = `Port ${id} cannot be deleted directly via the port API: has device owner ${deviceOwner}.`;
        throw neutronError(409, 'ServicePortInUse', words);
      }
      removePort(world, id);
    },
  };
}

function create(world: World, asked: z.output<typeof createSchema>, { projectId }: Caller): Port {
  const network = world.networks.get(asked.network_id);
  if (!network || (network.projectId !== projectId && !network.shared && !network.isExternal)) {
    throw notFound('Network', asked.network_id);
  }
  return makePort(world, {
    networkId: network.id,
    projectId,
    name: asked.name,
    description: asked.description,
    macAddress: asked.mac_address,
    adminStateUp: asked.admin_state_up,
    addresses: asked.fixed_ips ? requestsOf(asked.fixed_ips) : null,
    deviceId: asked.device_id,
    deviceOwner: asked.device_owner,
    securityGroupIds: asked.security_groups
      ? groups(world, projectId, asked.security_groups)
      : [defaultGroup(world, projectId).id],
  });
}

function requestsOf(asked: z.output<typeof fixedIpsSchema>) {
  return asked.map((one) => ({ subnetId: one.subnet_id, ipAddress: one.ip_address }));
}

function groups(world: World, projectId: string, ids: readonly string[]): string[] {
  const missing = ids.find((id) => world.securityGroups.get(id)?.projectId !== projectId);
  if (missing === undefined) return [...ids];
  throw neutronError(404, 'SecurityGroupNotFound', `Security group ${missing} does not exist`);
}

function portView(port: Port) {
  return {
    ...commonView(port),
    network_id: port.networkId,
    mac_address: port.macAddress,
    admin_state_up: port.adminStateUp,
    status: port.status,
    device_id: port.deviceId,
    device_owner: port.deviceOwner,
    fixed_ips: port.fixedIps.map((one) => ({ subnet_id: one.subnetId, ip_address: one.ipAddress })),
    port_security_enabled: true,
    security_groups: port.securityGroupIds,
    'binding:vnic_type': 'normal',
    allowed_address_pairs: [],
    extra_dhcp_opts: [],
  };
}

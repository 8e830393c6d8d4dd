import { createHash } from 'node:crypto';
import type { Cloud } from '../model/cloud';
import type { Server } from '../model/server-record';
import type { World } from '../model/world';
import type { ApiCall } from '../wire/api-call';
import { isoNaive, isoSeconds } from '../wire/times';
import { linksOf } from './links';
import { statusOf } from './server-status';

const WITH_PROGRESS = new Set(['ACTIVE', 'BUILD', 'REBUILD', 'RESIZE', 'VERIFY_RESIZE', 'MIGRATING']);

export function briefView({ id, name }: Server, { origin }: ApiCall) {
  return { id, name, links: linksOf(origin, 'servers', id) };
}

/** A server as its owner reads it, in the microversion of the call. */
export function serverView({ world }: Cloud, server: Server, call: ApiCall) {
  const { origin, microversion } = call;
  const status = statusOf(server);
  const isDeleted = status === 'DELETED';
  return {
    ...briefView(server, call),
    status,
    tenant_id: server.projectId,
    user_id: server.userId,
    // The database has thrown a deleted server's words away.
    metadata: isDeleted ? {} : server.metadata,
    hostId: hostIdOf(server),
    image: { id: server.imageId, links: linksOf(origin, 'images', server.imageId).slice(1) },
    flavor: flavorView(server, call),
    created: isoSeconds(server.createdAt),
    updated: isoSeconds(server.updatedAt),
    addresses: addressesOf(world, server),
    accessIPv4: '',
    accessIPv6: '',
    'OS-DCF:diskConfig': 'MANUAL',
    ...faultView(server, status),
    ...(WITH_PROGRESS.has(status) && { progress: 0 }),
    'OS-EXT-AZ:availability_zone': server.host === null ? '' : 'nova',
    config_drive: server.configDrive ? 'True' : '',
    key_name: server.keyName,
    'OS-SRV-USG:launched_at': server.launchedAt === null ? null : isoNaive(server.launchedAt),
    'OS-SRV-USG:terminated_at': server.terminatedAt === null ? null : isoNaive(server.terminatedAt),
    ...groupsView(world, server),
    'OS-EXT-STS:task_state': server.taskState,
    'OS-EXT-STS:vm_state': server.vmState,
    'OS-EXT-STS:power_state': server.powerState,
    'os-extended-volumes:volumes_attached': [],
    ...newerFields(server, microversion),
  };
}

/** What a client sees only when it knows of it. */
function newerFields(server: Server, microversion: number) {
  const fields: readonly (readonly [number, string, unknown])[] = [
    [9, 'locked', server.locked],
    [19, 'description', server.description],
    [26, 'tags', server.tags],
    [63, 'trusted_image_certificates', null],
    [71, 'server_groups', []],
    [73, 'locked_reason', null],
    [90, 'OS-EXT-SRV-ATTR:hostname', server.hostname],
  ];
  const known = fields.filter(([since]) => microversion >= since);
  return Object.fromEntries(known.map(([, name, value]) => [name, value]));
}

function hostIdOf({ host, projectId }: Server): string {
  return host === null ? '' : createHash('sha224').update(`${projectId}${host}`).digest('hex');
}

function flavorView({ flavor }: Server, { origin, microversion }: ApiCall) {
  if (microversion < 47) return { id: flavor.id, links: linksOf(origin, 'flavors', flavor.id).slice(1) };
  return {
    vcpus: flavor.vcpus,
    ram: flavor.memoryMib,
    disk: flavor.diskGib,
    ephemeral: 0,
    swap: 0,
    original_name: flavor.name,
    extra_specs: {},
  };
}

/** By the name of the network; two cards in one network stand side by side. */
function addressesOf(world: World, { cards }: Server) {
  const addresses: Record<string, object[]> = {};
  for (const { portId } of cards) {
    const port = world.ports.get(portId);
    const network = world.networks.get(port?.networkId ?? '');
    if (!port || !network) continue;
    const found = [...world.floatingIps.values()].filter((one) => one.portId === portId);
    const all = [
      ...port.fixedIps.map(({ ipAddress }) => ({ addr: ipAddress, type: 'fixed' })),
      ...found.map(({ floatingIpAddress }) => ({ addr: floatingIpAddress, type: 'floating' })),
    ].map(({ addr, type }) => ({
      version: 4,
      addr,
      'OS-EXT-IPS:type': type,
      'OS-EXT-IPS-MAC:mac_addr': port.macAddress,
    }));
    if (all.length > 0) (addresses[network.name] ??= []).push(...all);
  }
  return addresses;
}

/** Nova shows none while there is no card yet. */
function groupsView(world: World, { cards, vmState, securityGroupIds }: Server) {
  const ids = new Set(cards.flatMap(({ portId }) => world.ports.get(portId)?.securityGroupIds ?? []));
  if (cards.length === 0 && vmState === 'building') for (const id of securityGroupIds) ids.add(id);
  const names = [...ids].flatMap((id) => world.securityGroups.get(id)?.name ?? []);
  return names.length > 0 ? { security_groups: names.map((name) => ({ name })) } : {};
}

function faultView({ fault }: Server, status: string) {
  if (!fault || fault.lagging || (status !== 'ERROR' && status !== 'DELETED')) return {};
  return {
    fault: { code: fault.code, created: isoSeconds(fault.createdAt), message: fault.message },
  };
}

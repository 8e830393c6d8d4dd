import { createHash } from 'node:crypto';
import type { OpenstackSimulatorOptions } from '../options';
import { defaultPools } from '../network/subnets';
import { newObject } from '../network/new-object';
import type { Landmarks } from './cloud';
import { seedServers } from './seed-servers';
import type { Network, Project } from './records';
import type { World } from './world';

const IMAGE_OWNER = 'admin';

/** The same for the same name, so that ids outlive a restart without a state file. */
export function stableId(name: string): string {
  return createHash('md5').update(`openstack simulator ${name}`).digest('hex');
}

function stableUuid(name: string): string {
  return stableId(name).replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, '$1-$2-4$3-8$4-$5');
}

export function landmarksOf({ username, project, domain }: OpenstackSimulatorOptions): Landmarks {
  const own: Project = { id: stableId(`project ${project}`), name: project };
  const otherName = project === 'other' ? 'another' : 'other';
  const other: Project = { id: stableId(`project ${otherName}`), name: otherName };
  return {
    domainId: domain === 'Default' ? 'default' : stableId(`domain ${domain}`),
    project: own,
    otherProject: other,
    user: {
      id: stableId(`user ${username}`),
      name: username,
      defaultProjectId: own.id,
      projectIds: [own.id, other.id],
    },
  };
}

/** Fills what the options describe; what a state file brought stays as it is. */
export function seed(world: World, options: OpenstackSimulatorOptions, landmarks: Landmarks): void {
  const { user, project, otherProject } = landmarks;
  world.users.set(user.id, user);
  for (const one of [project, otherProject]) world.projects.set(one.id, one);
  for (const [index, flavor] of options.flavors.entries()) {
    const id = String(index + 1);
    if (!world.flavors.has(id)) world.flavors.set(id, { id, ...flavor });
  }
  seedImages(world, options);
  const isNew = world.networks.size === 0;
  if (!isNew) return;
  const shared = seedNetwork(world, 'shared', '10.20.0.0/16', { shared: true, isExternal: false });
  seedNetwork(world, 'public', '172.24.0.0/20', { shared: false, isExternal: true });
  seedServers(world, options, landmarks, shared);
}

function seedImages(world: World, { images }: OpenstackSimulatorOptions): void {
  const now = world.now();
  for (const image of images) {
    const id = stableUuid(`image ${image.name}`);
    if (world.images.has(id)) continue;
    world.images.set(id, {
      id,
      name: image.name,
      ownerId: stableId(`project ${IMAGE_OWNER}`),
      visibility: 'public',
      status: 'active',
      minDiskGib: image.minDiskGib,
      minMemoryMib: image.minMemoryMib,
      sizeBytes: image.sizeMib * 2 ** 20,
      properties: {},
      createdAt: now,
      updatedAt: now,
    });
  }
}

function seedNetwork(
  world: World,
  name: string,
  cidr: string,
  kind: Pick<Network, 'shared' | 'isExternal'>,
): Network {
  const ownerId = stableId(`project ${IMAGE_OWNER}`);
  const network: Network = {
    ...newObject(world, ownerId, { name }),
    id: stableUuid(`network ${name}`),
    ...kind,
    adminStateUp: true,
    mtu: kind.isExternal ? 1_500 : 1_450,
    portSecurityEnabled: true,
  };
  world.networks.set(network.id, network);
  const gatewayIp = cidr.replace(/0\/\d+$/, '1');
  const subnet = {
    ...newObject(world, ownerId, { name: `${name}4` }),
    id: stableUuid(`subnet ${name}`),
    networkId: network.id,
    ipVersion: 4 as const,
    cidr,
    gatewayIp,
    enableDhcp: kind.shared,
    dnsNameservers: [],
    hostRoutes: [],
    allocationPools: defaultPools(cidr, gatewayIp),
  };
  world.subnets.set(subnet.id, subnet);
  return network;
}

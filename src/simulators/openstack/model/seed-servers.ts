import { randomUUID } from 'node:crypto';
import { makePort } from '../network/make-port';
import { defaultGroup } from '../network/security-groups';
import type { OpenstackSimulatorOptions } from '../options';
import type { Landmarks } from './cloud';
import type { Flavor, Image, Network } from './records';
import type { Server } from './server-record';
import type { World } from './world';

/** Servers that were there before anybody came: of another project, and made by hand in the caller's own. */
export function seedServers(
  world: World,
  options: OpenstackSimulatorOptions,
  landmarks: Landmarks,
  network: Network,
): void {
  const [flavor] = world.flavors.values();
  const [image] = world.images.values();
  if (!flavor || !image) return;
  const { user, project, otherProject } = landmarks;
  const add = (projectId: string, name: string, index: number): void => {
    const server = seeded(world, { projectId, userId: user.id, name, flavor, image });
    server.host = `compute-${(index % options.hosts) + 1}`;
    const port = makePort(world, {
      networkId: network.id,
      projectId,
      addresses: null,
      deviceId: server.id,
      deviceOwner: 'compute:nova',
      securityGroupIds: [defaultGroup(world, projectId).id],
    });
    port.status = 'ACTIVE';
    server.cards.push({ portId: port.id, isOwn: true });
    world.servers.set(server.id, server);
  };
  for (let index = 0; index < options.vms; index += 1) add(otherProject.id, nameOf('other', index), index);
  for (let index = 0; index < options.projectVms; index += 1) add(project.id, nameOf('server', index), index);
}

function nameOf(kind: string, index: number): string {
  return `${kind}-${String(index).padStart(4, '0')}`;
}

interface Given {
  readonly projectId: string;
  readonly userId: string;
  readonly name: string;
  readonly flavor: Flavor;
  readonly image: Image;
}

function seeded(world: World, { image, ...given }: Given): Server {
  const now = world.now();
  return {
    ...given,
    id: randomUUID(),
    imageId: image.id,
    description: null,
    hostname: given.name,
    resizedFrom: null,
    resizeTo: null,
    metadata: {},
    keyName: null,
    userData: null,
    configDrive: false,
    securityGroupIds: [],
    cardRequests: [],
    cards: [],
    vmState: 'active',
    taskState: null,
    powerState: 1,
    host: null,
    fault: null,
    locked: false,
    tags: [],
    work: null,
    // Long visible, whatever the lag is.
    createdAt: now - 86_400_000,
    updatedAt: now,
    launchedAt: now - 86_400_000,
    terminatedAt: null,
  };
}

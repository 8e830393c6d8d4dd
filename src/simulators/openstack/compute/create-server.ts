import { randomBytes, randomUUID } from 'node:crypto';
import type { Cloud } from '../model/cloud';
import type { Flavor, Image } from '../model/records';
import type { Server } from '../model/server-record';
import { defaultGroup, groupsOf } from '../network/security-groups';
import type { ApiCall, ApiResult, Caller } from '../wire/api-call';
import { readCreateRequest } from './create-request';
import type { CreateRequest } from './create-request';
import { linksOf } from './links';
import { badRequest, novaError } from './nova-error';
import { requestedCards } from './requested-cards';
import { quotaExcess, usageOf } from './work/capacity';
import type { ComputeService } from './work/compute-service';
import { POWER } from './work/outcomes';

export const MAX_METADATA = 128;

/** `POST /servers`: checks what can be checked, takes the rest on trust, and answers before anything is done. */
export function createServer(cloud: Cloud, service: ComputeService, call: ApiCall): ApiResult {
  const asked = readCreateRequest(call.body, call.microversion);
  const { caller } = call;
  const { flavor, image } = sourcesOf(cloud, asked, caller);
  checkOptions(cloud, asked, caller);
  const cardRequests = requestedCards(cloud, asked.networks, caller);
  const securityGroupIds = groupIds(cloud, asked, caller);
  const count = asked.min_count ?? 1;
  checkQuota(cloud, flavor, count, caller);
  const servers = Array.from({ length: count }, (_none, index): Server => {
    const name = count > 1 ? `${asked.name}-${index + 1}` : asked.name;
    return {
      ...blank(cloud, { ...asked, name }, caller),
      flavor,
      imageId: image.id,
      cardRequests,
      securityGroupIds,
    };
  });
  for (const server of servers) {
    cloud.world.servers.set(server.id, server);
    service.begin(server, 'CREATE');
  }
  const [{ id } = { id: '' }] = servers;
  const links = linksOf(call.origin, 'servers', id);
  const groups = (asked.security_groups ?? [{ name: 'default' }]).map(({ name }) => ({ name }));
  const body = {
    server: {
      id,
      links,
      'OS-DCF:diskConfig': asked['OS-DCF:diskConfig'] ?? 'MANUAL',
      security_groups: groups,
      adminPass: asked.adminPass ?? randomBytes(9).toString('base64url'),
    },
  };
  return { status: 202, body, headers: { Location: `${call.origin}/compute/v2.1/servers/${id}` } };
}

function blank(cloud: Cloud, asked: CreateRequest, { projectId, userId }: Caller) {
  const now = cloud.world.now();
  return {
    id: randomUUID(),
    projectId,
    userId,
    name: asked.name,
    description: asked.description ?? null,
    hostname: asked.hostname ?? hostnameOf(asked.name),
    resizedFrom: null,
    resizeTo: null,
    metadata: asked.metadata ?? {},
    keyName: asked.key_name ?? null,
    userData: asked.user_data ?? null,
    configDrive: String(asked.config_drive ?? false).toLowerCase() === 'true',
    cards: [],
    vmState: 'building' as const,
    taskState: 'scheduling',
    powerState: POWER.none,
    host: null,
    fault: null,
    locked: false,
    tags: asked.tags ?? [],
    work: null,
    createdAt: now,
    updatedAt: now,
    launchedAt: null,
    terminatedAt: null,
  };
}

/** What a guest may be called: what is not allowed is left out. */
function hostnameOf(name: string): string {
  const plain = name
    .toLowerCase()
    .replaceAll(/[ _.]/g, '-')
    .replaceAll(/[^a-z0-9-]/g, '');
  return plain.replaceAll(/^-+|-+$/g, '').slice(0, 63) || 'server';
}

function sourcesOf(cloud: Cloud, asked: CreateRequest, { projectId }: Caller) {
  const { world } = cloud;
  const flavor = world.flavors.get(asked.flavorRef);
  if (!flavor) throw badRequest(`Flavor ${asked.flavorRef} could not be found.`);
  const imageId = asked.imageRef ?? asked.block_device_mapping_v2?.[0]?.uuid ?? '';
  const image = world.images.get(imageId);
  if (!image || (image.visibility === 'private' && image.ownerId !== projectId)) {
    throw badRequest('Can not find requested image');
  }
  checkFit(flavor, image);
  return { flavor, image };
}

export function checkFit(flavor: Flavor, image: Image): void {
  if (image.status !== 'active') throw badRequest(`Image ${image.id} is not active.`);
  if (flavor.memoryMib < image.minMemoryMib) {
    throw badRequest("Flavor's memory is too small for requested image.");
  }
  const [disk, least] = [flavor.diskGib * 2 ** 30, image.minDiskGib * 2 ** 30];
  if (flavor.diskGib > 0 && disk < least) {
    throw badRequest(
      `Flavor's disk is smaller than the minimum size specified in image metadata. Flavor disk is ${disk} bytes, minimum size is ${least} bytes.`,
    );
  }
}

function checkOptions({ world }: Cloud, asked: CreateRequest, { userId }: Caller): void {
  if (asked.key_name !== undefined && !world.keypairs.has(`${userId}/${asked.key_name}`)) {
    throw badRequest('Invalid key_name provided.');
  }
  if (Object.keys(asked.metadata ?? {}).length > MAX_METADATA) {
    throw novaError(403, `Maximum number of metadata items exceeds ${MAX_METADATA}`);
  }
  if (asked.availability_zone !== undefined && asked.availability_zone.split(':', 1)[0] !== 'nova') {
    throw badRequest('The requested availability zone is not available');
  }
}

function groupIds({ world }: Cloud, asked: CreateRequest, { projectId }: Caller): readonly string[] {
  const fallback = defaultGroup(world, projectId);
  const groups = groupsOf(world, projectId);
  return (asked.security_groups ?? [{ name: 'default' }]).map(({ name }) => {
    if (name === 'default') return fallback.id;
    const found = groups.filter((group) => group.id === name || group.name === name);
    if (found.length > 1) {
      throw novaError(
        409,
        `Multiple security_groups found matching name '${name}'. Use an ID to be more specific.`,
      );
    }
    const [group] = found;
    if (!group) throw badRequest(`Unable to find security_group with name or id '${name}'`);
    return group.id;
  });
}

/** Whoever comes at nearly the same time is not counted: that is found out later, when both are there. */
function checkQuota(cloud: Cloud, flavor: Flavor, count: number, { projectId }: Caller): void {
  const { lateQuota, quotaRaceMs } = cloud.options;
  const settled = cloud.world.now() - quotaRaceMs;
  const used = usageOf(cloud, projectId, ({ createdAt }) => !lateQuota && createdAt <= settled);
  const asked = {
    instances: count,
    cores: count * flavor.vcpus,
    memoryMib: count * flavor.memoryMib,
  };
  const excess = lateQuota ? null : quotaExcess(cloud, used, asked);
  if (excess !== null) throw novaError(403, excess);
}

import { AppError, invalidArgument, isProtected } from '../../kernel';
import { done, ownerKey } from '../contract';
import type { CallContext, Outcome, VmObservation, VmSpec } from '../contract';
import type { CreateServer } from './client';
import type { Cloud } from './cloud';
import { clearAway, removeServers } from './delete-vm';
import { findByMarker, observed } from './find-vm';
import { chooseFlavor } from './flavors';
import { ensureFloatingIp } from './floating-ips';
import { installationTag, markerMetadata, ownerTag } from './identity';
import { resolveImage } from './images';
import { ensureKeypair } from './keypair';
import { labelMetadata } from './labels';
import { isBeingDeleted, isFailedCreation } from './map-server';
import type { FoundServer } from './map-server';
import { stateOf } from './map-power-state';
import { acceptWork } from './operations';
import { sizeMetadata } from './requested-size';
import { ensureSecurityGroups } from './security-group';
import { nameMetadata, serverName } from './server-name';
import { userDataOf } from './user-data';

type Answer = Promise<Outcome<VmObservation>>;

/**
 * Nova has no idempotency key, and accepts the same creation any number of times: a server carries its marker from the
 * request on, is looked for before it is made, and looked for again afterwards.
 */
export function createVm(cloud: Cloud, spec: VmSpec, context: CallContext): Answer {
  // Two attempts at once in this process; those of other processes are found afterwards.
  return cloud.locks.run(ownerKey(spec.marker), async () => {
    const servers = isProtected('find') ? await findByMarker(cloud, spec.marker, context) : [];
    const remains = servers.filter(isRemains);
    const vm = await agreeUponOne(cloud, servers, context);
    if (vm !== null) return goOn(cloud, vm, spec, context);
    if (remains.length > 0) return clearAway(cloud, remains, context);
    const ordered = await order(cloud, spec, context);
    if (!isProtected('find')) return acceptCreation(cloud, ordered, spec);
    const made = await agreeUponOne(cloud, await findByMarker(cloud, spec.marker, context), context);
    return acceptCreation(cloud, made?.server.id ?? ordered, spec);
  });
}

function isRemains({ server }: FoundServer): boolean {
  return isFailedCreation(server) || isBeingDeleted(server);
}

/** Of several that two gateways made in the same moment the oldest stays, which both find to be the same. */
async function agreeUponOne(
  cloud: Cloud,
  servers: readonly FoundServer[],
  context: CallContext,
): Promise<FoundServer | null> {
  const [oldest, ...younger] = servers.filter((vm) => !isRemains(vm));
  await removeServers(cloud, younger, context);
  return oldest ?? null;
}

async function goOn(cloud: Cloud, vm: FoundServer, spec: VmSpec, context: CallContext): Answer {
  if (stateOf(vm.server).vmState === 'building') return acceptCreation(cloud, vm.server.id, spec);
  const networkIds = spec.networks.map(({ externalId }) => externalId);
  await ensureFloatingIp(cloud, { marker: spec.marker, serverId: vm.server.id, networkIds }, context);
  return done(await observed(cloud, vm, context));
}

/** A floating IP leads to a port, which a server has when it is built. */
function acceptCreation(cloud: Cloud, server: string, spec: VmSpec): Outcome<VmObservation> {
  const { marker, networks } = spec;
  const then = cloud.config.floatingIps && networks.length > 0 ? 'CONTINUE' : 'OBSERVE';
  return acceptWork(cloud, { server, marker, target: { kind: 'BUILT' }, then });
}

/** @returns the id of the server, which is to be built */
async function order(cloud: Cloud, spec: VmSpec, context: CallContext): Promise<string> {
  const { marker } = spec;
  const imageRef = await requireImage(cloud, spec, context);
  const flavor = chooseFlavor(await cloud.flavors.flavors(context), spec, 'spec');
  const securityGroups = await securityGroupsOf(cloud, spec, context);
  const [firstKey] = spec.sshKeys;
  const keypair = firstKey === undefined ? null : await ensureKeypair(cloud, marker, firstKey, context);
  const userData = userDataOf(spec, keypair !== null);
  const { availabilityZone } = cloud.config;
  const server: CreateServer = {
    name: serverName(spec.name, marker),
    // One character is too short for this field, and not for what Nova makes of the name.
    ...(spec.hostname.length > 1 && { hostname: spec.hostname }),
    imageRef,
    flavorRef: flavor.id,
    networks: networksOf(spec),
    security_groups: securityGroups,
    metadata: metadataOf(spec),
    tags: [ownerTag(marker), installationTag(marker.installationId)],
    // On an isolated network there is no metadata service.
    config_drive: true,
    ...(keypair !== null && { key_name: keypair }),
    ...(userData !== null && { user_data: userData }),
    ...(availabilityZone !== undefined && { availability_zone: availabilityZone }),
  };
  return cloud.client.compute.servers.create(server, { signal: context.signal });
}

/** @returns its id. @throws FAILED_PRECONDITION where it is not there, INVALID_ARGUMENT where the disk is too small for it */
async function requireImage(
  cloud: Cloud,
  { imageExternalId, diskGib }: VmSpec,
  context: CallContext,
): Promise<string> {
  const image = await resolveImage(cloud, imageExternalId, context);
  if (image === null) throw new AppError('FAILED_PRECONDITION', 'The image is not on OpenStack any more.');
  if (diskGib >= image.minDiskGib) return image.externalId;
  throw invalidArgument('spec.diskGib', `must be at least ${image.minDiskGib}, for the image.`);
}

/** None have to be asked for: an empty list lets Nova choose. */
function networksOf({ networks }: VmSpec): CreateServer['networks'] {
  return networks.length === 0 ? 'none' : networks.map(({ externalId }) => ({ uuid: externalId }));
}

async function securityGroupsOf(cloud: Cloud, { marker, networks }: VmSpec, context: CallContext) {
  if (networks.length === 0) return [];
  return (await ensureSecurityGroups(cloud, marker, context)).map((id) => ({ name: id }));
}

/** The last to be named wins. */
function metadataOf(spec: VmSpec): Readonly<Record<string, string>> {
  const { marker, name, labels } = spec;
  return {
    ...labelMetadata(labels),
    ...nameMetadata(name, marker),
    ...sizeMetadata(spec),
    ...markerMetadata(marker),
  };
}

import { AppError, notFound } from '../../../kernel';
import { done, ownerKey } from '../../contract';
import type {
  CallContext,
  Marker,
  NetworkObservation,
  NetworkRef,
  NetworkSpec,
  Outcome,
} from '../../contract';
import type { Cloud } from '../cloud';
import { busyError, isStatus } from '../errors';
import { removeIdleSecurityGroup } from '../security-group';
import { findNetworks, findRouters, ownedBy } from './find-network';
import type { OwnNetwork } from './find-network';
import { ensureRouter, ensureSubnet, removeInterfaces, removeRouters, removeSurplusRouters } from './parts';
import { networkName, readRecord, writeRecord } from './record';

/**
 * A network with a subnet and, for NAT, a router to the external network. The record says that it is complete only once
 * all of it is there; whoever repeats the creation goes on where the one before has ended.
 */
export function createNetwork(
  cloud: Cloud,
  spec: NetworkSpec,
  context: CallContext,
): Promise<Outcome<NetworkObservation>> {
  return cloud.locks.run(ownerKey(spec.marker), async () => {
    const [existing] = await findNetworks(cloud, spec.marker, context);
    const own = existing ?? (await makeNetwork(cloud, spec, context));
    if (own.record.complete) return done(observe(own));
    await makeParts(cloud, spec, own, context);
    await yieldToSenior(cloud, own, context);
    return done(observe(await complete(cloud, own, context)));
  });
}

async function makeNetwork(
  cloud: Cloud,
  { marker, mode, name }: NetworkSpec,
  context: CallContext,
): Promise<OwnNetwork> {
  const record = { marker, mode, name, complete: false };
  const network = await cloud.client.network.networks.create(
    { name: networkName(marker), description: writeRecord(record) },
    context,
  );
  const made = { network, record };
  await yieldToSenior(cloud, made, context);
  return made;
}

async function makeParts(
  cloud: Cloud,
  spec: NetworkSpec,
  own: OwnNetwork,
  context: CallContext,
): Promise<void> {
  const networkId = own.network.id;
  try {
    const subnetId = await ensureSubnet(cloud, spec, networkId, context);
    if (spec.mode === 'NAT') await ensureRouter(cloud, spec, { networkId, subnetId }, context);
  } catch (error) {
    // Somebody else makes the same network: the router may be taken by one that is about to yield, or a part have yielded.
    if (!isStatus(error, 400, 404, 409)) throw error;
    const [senior, ...others] = await findNetworks(cloud, spec.marker, context);
    if (senior?.network.id !== networkId) await yieldToSenior(cloud, own, context);
    if (others.length > 0 || error.status === 404) throw busyError(error);
    throw error;
  }
}

/**
 * Two gateways that make the same network in the same moment agree upon which one stays: Neutron has no idempotency key.
 * They look right after the network was made and right before it is complete, so that whoever came in between is seen.
 * @throws UNAVAILABLE, the younger one being removed
 */
async function yieldToSenior(
  cloud: Cloud,
  { network, record }: OwnNetwork,
  context: CallContext,
): Promise<void> {
  const [senior] = await findNetworks(cloud, record.marker, context);
  if (senior === undefined || senior.network.id === network.id) return;
  for (const router of await findRouters(cloud, record.marker, context))
    await removeInterfaces(cloud, router, { network_id: network.id }, context);
  await removeSurplusRouters(cloud, record.marker, senior.network.id, context);
  await cloud.client.network.networks.delete(network.id, context);
  throw busyError();
}

async function complete(
  { client }: Cloud,
  { network, record }: OwnNetwork,
  context: CallContext,
): Promise<OwnNetwork> {
  const made = { ...record, complete: true };
  const description = writeRecord(made);
  return {
    network: await client.network.networks.update(network.id, { description }, context),
    record: made,
  };
}

export async function locateNetwork(
  cloud: Cloud,
  marker: Marker,
  context: CallContext,
): Promise<NetworkObservation | null> {
  const [own] = await findNetworks(cloud, marker, context);
  return own?.record.complete === true ? observe(own) : null;
}

export async function listNetworks(
  { client }: Cloud,
  installationId: string,
  context: CallContext,
): Promise<readonly NetworkObservation[]> {
  // Nothing that Neutron filters by tells the installation.
  const all = await client.network.networks.list({}, context);
  return all.flatMap((network) => {
    const record = readRecord(network.description);
    const isOurs = record?.complete === true && record.marker.installationId === installationId;
    return isOurs ? [observe({ network, record })] : [];
  });
}

/** Also removes what a creation has begun and not ended; and the tenant's security group with its last network. */
export function deleteNetwork(cloud: Cloud, ref: NetworkRef, context: CallContext): Promise<Outcome<null>> {
  return cloud.locks.run(ownerKey(ref.marker), async () => {
    const networks = await findForDeletion(cloud, ref, context);
    for (const { network } of networks) await refuseUsed(cloud, network.id, context);
    await removeRouters(cloud, await findRouters(cloud, ref.marker, context), context);
    // Its subnets go with it.
    for (const { network } of networks) await cloud.client.network.networks.delete(network.id, context);
    if (networks.length > 0) await removeIdleSecurityGroup(cloud, ref.marker, context);
    return done(null);
  });
}

/** @throws NOT_FOUND where something is there under this id, and it is not what the marker names */
async function findForDeletion(
  cloud: Cloud,
  { externalId, marker }: NetworkRef,
  context: CallContext,
): Promise<readonly OwnNetwork[]> {
  const named = await findNetworks(cloud, marker, context);
  if (externalId === '' || named.some(({ network }) => network.id === externalId)) return named;
  const network = await cloud.client.network.networks.get(externalId, context);
  if (network === null) return named;
  // An administrator may have renamed it.
  const own = ownedBy(marker, network);
  if (own === null) throw notFound('Network', marker.objectId);
  return [...named, own];
}

/**
 * Before anything is removed: Neutron refuses a network with anybody's ports on it besides its own, and it would be left
 * without its router.
 * @throws FAILED_PRECONDITION
 */
async function refuseUsed({ client }: Cloud, networkId: string, context: CallContext): Promise<void> {
  const ports = await client.network.ports.list({ network_id: networkId }, context);
  const owners = ports.map(({ device_owner }) => device_owner ?? '');
  if (owners.some((owner) => owner.startsWith('compute:')))
    throw new AppError('FAILED_PRECONDITION', 'There are VMs on the network.');
  if (owners.some((owner) => !owner.startsWith('network:')))
    throw new AppError('FAILED_PRECONDITION', 'Somebody else has ports on the network.');
}

function observe({ network, record }: OwnNetwork): NetworkObservation {
  return {
    externalId: network.id,
    marker: record.marker,
    name: record.name,
    active: network.status === 'ACTIVE',
  };
}

import { AppError, crashPoint, notFound } from '../../kernel';
import { sameOwner } from '../contract';
import type { CallContext, Marker, NetworkObservation, NetworkRef, NetworkSpec } from '../contract';
import { LIBVIRT_ERROR } from './client';
import type { NetworkRef as NativeNetwork } from './client';
import { isNative } from './errors';
import { ordinary } from './host';
import type { LibvirtHost } from './host';
import { backendName, backendUuid, bridgeName, isUuid } from './identity';
import { readDomainDescription } from './map-domain-description';
import { networkXml, readNetworkDescription, usesRange } from './map-network';
import type { NetworkDescription, NetworkPlan } from './map-network';
import { orNull } from './observe';
import { subnetOf } from './subnet';

/** Defined with its marker, then started; a repetition goes on where the first attempt ended. */
export async function createNetwork(
  host: LibvirtHost,
  spec: NetworkSpec,
  context: CallContext,
): Promise<NetworkObservation> {
  const { mode, marker } = spec;
  if (mode === 'BRIDGED')
    throw new AppError('UNSUPPORTED', 'This backend has no networks of the mode BRIDGED.');
  const plan: NetworkPlan = {
    ownership: { marker, name: spec.name },
    uuid: backendUuid(marker),
    name: backendName(marker),
    bridge: bridgeName(marker),
    mode,
    subnet: subnetOf(spec.cidr),
  };
  // One at a time, so that two networks of one range do not pass each other unseen.
  return host.locks.run('networks', async () => {
    const before = await find(host, { externalId: '', marker }, context);
    if (before?.own === false) {
      throw new AppError('ALREADY_EXISTS', 'The hypervisor has another network in the place of this one.');
    }
    const network = before?.network ?? (await define(host, plan, context));
    crashPoint('libvirt.createNetwork.define');
    await activate(host, network, context);
    const observation = await locateNetwork(host, marker, context);
    if (observation === null) throw notFound('Network', marker.objectId);
    return observation;
  });
}

/** libvirt itself lets ranges overlap, as long as the gateways differ. */
async function define(host: LibvirtHost, plan: NetworkPlan, context: CallContext): Promise<NativeNetwork> {
  const others = await describeAll(host, context);
  if (others.some((network) => usesRange(network, plan.subnet))) {
    throw new AppError('ALREADY_EXISTS', 'The address range is in use on the hypervisor.');
  }
  return host.client.networks.defineXml(networkXml(plan), ordinary(context));
}

async function activate(host: LibvirtHost, network: NativeNetwork, context: CallContext): Promise<void> {
  const { networks } = host.client;
  const call = ordinary(context);
  if (!(await networks.isActive(network, call))) {
    try {
      await networks.create(network, call);
    } catch (error) {
      // Another gateway was faster.
      if (!isNative(error, LIBVIRT_ERROR.OPERATION_INVALID) || !(await networks.isActive(network, call)))
        throw error;
    }
  }
  await networks.setAutostart(network, true, call);
}

export async function locateNetwork(
  host: LibvirtHost,
  marker: Marker,
  context: CallContext,
): Promise<NetworkObservation | null> {
  const found = await find(host, { externalId: '', marker }, context);
  return found?.own === true ? observe(found, host, context) : null;
}

export async function listNetworks(
  host: LibvirtHost,
  installationId: string,
  context: CallContext,
): Promise<readonly NetworkObservation[]> {
  const all = await host.client.networks.listAll(0, ordinary(context));
  const observed = await Promise.all(
    all.map(async (network) => {
      const xml = await orNull(host.client.networks.getXmlDesc(network, 0, ordinary(context)));
      const description = xml === null ? null : readNetworkDescription(xml);
      if (description?.ownership?.marker.installationId !== installationId) return null;
      return observe({ network, description, own: true }, host, context);
    }),
  );
  return observed.filter((one) => one !== null);
}

/** @throws FAILED_PRECONDITION while any VM, running or not, ours or not, is attached to it */
export async function deleteNetwork(host: LibvirtHost, ref: NetworkRef, context: CallContext): Promise<null> {
  const found = await find(host, ref, context);
  if (found === null) return null;
  const { network, description } = found;
  if (!found.own) throw notFound('Network', ref.marker.objectId);
  if (description.connections > 0 || (await isReferenced(host, network.name, context))) {
    throw new AppError('FAILED_PRECONDITION', 'VMs are attached to the network.');
  }
  const { networks } = host.client;
  const call = ordinary(context);
  try {
    await orNull(networks.destroy(network, call));
  } catch (error) {
    // It is not active.
    if (!isNative(error, LIBVIRT_ERROR.OPERATION_INVALID)) throw error;
  }
  crashPoint('libvirt.deleteNetwork.stop');
  await orNull(networks.undefine(network, call));
  return null;
}

async function isReferenced(host: LibvirtHost, networkName: string, context: CallContext): Promise<boolean> {
  const call = ordinary(context);
  const { domains } = host.client;
  const all = await domains.listAll(0, call);
  const descriptions = await Promise.all(all.map((domain) => orNull(domains.getXmlDesc(domain, 0, call))));
  return descriptions.some(
    (xml) => xml !== null && readDomainDescription(xml).nics.some((nic) => nic.networkName === networkName),
  );
}

interface FoundNetwork {
  readonly network: NativeNetwork;
  readonly description: NetworkDescription;
  /** Whether it carries the marker that was asked for. */
  readonly own: boolean;
}

async function find(
  host: LibvirtHost,
  { externalId, marker }: NetworkRef,
  context: CallContext,
): Promise<FoundNetwork | null> {
  const uuid = externalId === '' ? backendUuid(marker) : externalId;
  if (!isUuid(uuid)) return null;
  const { networks } = host.client;
  const network = await orNull(networks.lookupByUuid(uuid, ordinary(context)));
  const xml = network && (await orNull(networks.getXmlDesc(network, 0, ordinary(context))));
  if (network === null || xml === null) return null;
  const description = readNetworkDescription(xml);
  const { ownership } = description;
  return { network, description, own: ownership !== null && sameOwner(ownership.marker, marker) };
}

async function describeAll(host: LibvirtHost, context: CallContext): Promise<NetworkDescription[]> {
  const { networks } = host.client;
  const call = ordinary(context);
  const all = await networks.listAll(0, call);
  const descriptions = await Promise.all(all.map((network) => orNull(networks.getXmlDesc(network, 0, call))));
  return descriptions.filter((xml) => xml !== null).map(readNetworkDescription);
}

async function observe(
  { network, description }: FoundNetwork,
  host: LibvirtHost,
  context: CallContext,
): Promise<NetworkObservation | null> {
  const active = await orNull(host.client.networks.isActive(network, ordinary(context)));
  if (active === null) return null;
  const { ownership, name, uuid } = description;
  return { externalId: uuid, marker: ownership?.marker ?? null, name: ownership?.name ?? name, active };
}

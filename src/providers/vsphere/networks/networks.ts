import { AppError, notFound } from '../../../kernel';
import { done, ownerKey, sameOwner } from '../../contract';
import type {
  CallContext,
  Marker,
  NetworkObservation,
  NetworkRef,
  NetworkSpec,
  Outcome,
} from '../../contract';
import { networkInventoryName } from '../identity';
import { networkExternalId, networkRef } from '../network-id';
import type { Vcenter } from '../vcenter';
import { distributedSwitch } from './distributed-switch';
import { standardSwitch } from './standard-switch';
import type { PortGroup, Switch } from './switch';
import { freeVlan } from './vlan';

/** Two who choose the same VLAN at once both choose again. */
const MOST_CHOICES = 5;

/** A port group whose name follows from the marker: whoever repeats the creation finds it by the name. */
export function createNetwork(
  vcenter: Vcenter,
  spec: NetworkSpec,
  context: CallContext,
): Promise<Outcome<NetworkObservation>> {
  return vcenter.locks.run(ownerKey(spec.marker), async () => {
    const on = switchOf(vcenter);
    for (let choice = 0; choice < MOST_CHOICES; choice += 1) {
      const found = await on.find(spec.marker, context);
      if (found?.ownership) return done(observe(found, spec.marker));
      // In turns: whoever chooses sees what the one before has taken, and the switch takes one change at a time.
      const made = await vcenter.locks.run('switch', () => makeNetwork(vcenter, on, spec, context));
      if (made !== null) return done(observe(made, spec.marker));
    }
    throw new AppError('UNAVAILABLE', 'Too many networks are being made at once.');
  });
}

/** Null when somebody else has taken the VLAN in the same moment, or made the network with another one. */
async function makeNetwork(
  vcenter: Vcenter,
  on: Switch,
  { marker, name, mode }: NetworkSpec,
  context: CallContext,
): Promise<PortGroup | null> {
  const { bridgedVlan } = vcenter.config;
  const isOwnSegment = mode === 'ISOLATED';
  const vlanId = isOwnSegment ? await chooseVlan(vcenter, on, marker, context) : (bridgedVlan ?? 0);
  await on.add({ marker, name, complete: true }, vlanId, context);
  const made = await on.find(marker, context);
  if (made === null) throw notFound('Network', marker.objectId);
  if (!isOwnSegment) return made;
  const own = networkInventoryName(marker);
  const clashes = (await on.usedVlans(context)).some((one) => (one.name === own) !== (one.vlanId === vlanId));
  if (!clashes) return made;
  await on.remove(own, made, context);
  return null;
}

/** The one that an earlier attempt has begun with: it may have come to some of the hosts only. */
async function chooseVlan(
  { config }: Vcenter,
  on: Switch,
  marker: Marker,
  context: CallContext,
): Promise<number> {
  const own = networkInventoryName(marker);
  const used = await on.usedVlans(context);
  const begun = used.find((one) => one.name === own);
  if (begun !== undefined) return begun.vlanId;
  return freeVlan(config.vlans, new Set(used.map(({ vlanId }) => vlanId)), Math.random());
}

export async function locateNetwork(
  vcenter: Vcenter,
  marker: Marker,
  context: CallContext,
): Promise<NetworkObservation | null> {
  const found = await switchOf(vcenter).find(marker, context);
  return found?.ownership && sameOwner(found.ownership.marker, marker) ? observe(found, marker) : null;
}

export async function listNetworks(
  vcenter: Vcenter,
  installationId: string,
  context: CallContext,
): Promise<readonly NetworkObservation[]> {
  const portGroups = await switchOf(vcenter).list(context);
  return portGroups.flatMap((one) => {
    const marker = one.ownership?.marker;
    return marker?.installationId === installationId ? [observe(one, marker)] : [];
  });
}

/** Also removes what a creation has begun and not ended. */
export function deleteNetwork(
  vcenter: Vcenter,
  ref: NetworkRef,
  context: CallContext,
): Promise<Outcome<null>> {
  return vcenter.locks.run(ownerKey(ref.marker), async () => {
    const on = switchOf(vcenter);
    const found = await on.find(ref.marker, context);
    if (found === null) {
      await refuseForeign(vcenter, ref, context);
      return done(null);
    }
    await refuseUsed(vcenter, found, context);
    await on.remove(networkInventoryName(ref.marker), found, context);
    return done(null);
  });
}

/** Something is there under this id, and it is not what the marker names. */
async function refuseForeign(
  { client }: Vcenter,
  { externalId, marker }: NetworkRef,
  { signal }: CallContext,
): Promise<void> {
  const ref = networkRef(externalId);
  if (ref === null) return;
  if ((await client.read(ref, ['name'], { signal })) !== null) throw notFound('Network', marker.objectId);
}

async function refuseUsed({ client }: Vcenter, { ref }: PortGroup, { signal }: CallContext): Promise<void> {
  const read = await client.read(ref, ['vm'], { signal });
  if ((read?.vm ?? []).length > 0) throw new AppError('FAILED_PRECONDITION', 'There are VMs on the network.');
}

function switchOf(vcenter: Vcenter): Switch {
  return vcenter.config.networkSwitch === 'distributed'
    ? distributedSwitch(vcenter)
    : standardSwitch(vcenter);
}

function observe({ ref, ownership }: PortGroup, marker: Marker): NetworkObservation {
  return {
    externalId: networkExternalId(ref),
    marker: ownership?.marker ?? marker,
    name: ownership?.name ?? '',
    active: true,
  };
}

import { notFound } from '../../../kernel';
import type { CallContext, VmSpec } from '../../contract';
import type { Backing, MoRef } from '../client';
import { networkRef } from '../network-id';
import type { Vcenter } from '../vcenter';

/**
 * What network cards are plugged into, in the order of the networks.
 * @throws NOT_FOUND for a network that is not there
 */
export async function cardBackings(
  vcenter: Vcenter,
  networks: VmSpec['networks'],
  context: CallContext,
): Promise<readonly Backing[]> {
  return Promise.all(networks.map(({ externalId }) => cardBacking(vcenter, externalId, context)));
}

async function cardBacking(vcenter: Vcenter, externalId: string, context: CallContext): Promise<Backing> {
  const ref = networkRef(externalId);
  const backing =
    ref?.type === 'DistributedVirtualPortgroup'
      ? await distributedBacking(vcenter, { type: ref.type, value: ref.value }, context)
      : ref && (await standardBacking(vcenter, ref, context));
  if (!backing) throw notFound('Network', externalId);
  return backing;
}

async function distributedBacking(
  { client }: Vcenter,
  ref: MoRef<'DistributedVirtualPortgroup'>,
  { signal }: CallContext,
): Promise<Backing | null> {
  const read = await client.read(ref, ['key', 'config'], { signal });
  const home = read?.config?.distributedVirtualSwitch;
  if (!read?.key || !home) return null;
  const { uuid } = (await client.read(home, ['uuid'], { signal })) ?? {};
  if (uuid === undefined) return null;
  const port = { switchUuid: uuid, portgroupKey: read.key };
  return { $type: 'VirtualEthernetCardDistributedVirtualPortBackingInfo', port };
}

async function standardBacking(
  { client }: Vcenter,
  ref: MoRef,
  { signal }: CallContext,
): Promise<Backing | null> {
  const network = { type: 'Network', value: ref.value } as const;
  const read = await client.read(network, ['name'], { signal });
  if (read?.name === undefined) return null;
  return { $type: 'VirtualEthernetCardNetworkBackingInfo', deviceName: read.name, network };
}

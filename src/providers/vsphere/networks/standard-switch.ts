import { sameOwner } from '../../contract';
import type { CallContext, Marker } from '../../contract';
import type { MoRef } from '../client';
import { isFault } from '../errors';
import { networkInventoryName } from '../identity';
import { readOwnership, writeOwnership } from '../map-marker';
import type { Ownership } from '../map-marker';
import { findPlace } from '../placement';
import type { Place } from '../placement';
import { findChild } from '../search-index';
import type { Vcenter } from '../vcenter';
import { fieldKey, fieldReader, fieldValue } from './custom-field';
import { once } from './once';
import type { PortGroup, Switch } from './switch';

const DEFAULT_SWITCH = 'vSwitch0';

type NetworkSystem = MoRef<'HostNetworkSystem'>;

/**
 * Port groups of the same name on the standard switch of every host in the cluster, which the inventory shows as one
 * network. They have no description, so the record of ownership is a custom attribute of the network, written last: until
 * then the creation has not come to an end.
 */
export function standardSwitch(vcenter: Vcenter): Switch {
  const place = once((context) => findPlace(vcenter, context));
  const systems = once(async (context) => networkSystems(vcenter, await place(context), context));
  const find: Switch['find'] = async (marker, context) =>
    findNetwork(vcenter, (await place(context)).networkFolder, marker, context);
  return {
    find,
    list: async (context) => listNetworksOf(vcenter, (await place(context)).networkFolder, context),
    usedVlans: async (context) => {
      const read = await vcenter.client.readMany(await systems(context), ['networkInfo.portgroup'], {
        signal: context.signal,
      });
      return [...read.values()].flatMap((info) =>
        (info['networkInfo.portgroup'] ?? []).map(({ spec: { name, vlanId } }) => ({ name, vlanId })),
      );
    },
    add: async (ownership, vlanId, context) => {
      await addToHosts(vcenter, await systems(context), ownership, vlanId, context);
      const made = await find(ownership.marker, context);
      if (made !== null) await writeRecord(vcenter, made, ownership, context);
    },
    remove: async (name, _portGroup, context) => {
      for (const system of await systems(context)) {
        await tolerating('NotFound', () =>
          vcenter.client.call('RemovePortGroup', system, { pgName: name }, { signal: context.signal }),
        );
      }
    },
  };
}

async function findNetwork(
  vcenter: Vcenter,
  networkFolder: MoRef,
  marker: Marker,
  context: CallContext,
): Promise<PortGroup | null> {
  const found = await findChild(vcenter, networkFolder, networkInventoryName(marker), context);
  if (found?.type !== 'Network') return null;
  const ref: MoRef<'Network'> = { type: 'Network', value: found.value };
  const ownership = readOwnership(await fieldValue(vcenter, ref, context));
  return { ref, ownership: ownership && sameOwner(ownership.marker, marker) ? ownership : null };
}

async function listNetworksOf(
  vcenter: Vcenter,
  networkFolder: MoRef,
  context: CallContext,
): Promise<readonly PortGroup[]> {
  const { signal } = context;
  const valueOf = await fieldReader(vcenter, context);
  const paths = ['customValue'] as const;
  const found: PortGroup[] = [];
  for await (const { ref, properties } of vcenter.client.retrieveContained(networkFolder, 'Network', paths, {
    signal,
  })) {
    const ownership = readOwnership(valueOf(properties.customValue));
    if (ownership !== null) found.push({ ref, ownership });
  }
  return found;
}

async function addToHosts(
  { client, config }: Vcenter,
  systems: readonly NetworkSystem[],
  { marker }: Ownership,
  vlanId: number,
  { signal }: CallContext,
): Promise<void> {
  const vswitchName = config.switchName ?? DEFAULT_SWITCH;
  const portgrp = { name: networkInventoryName(marker), vlanId, vswitchName, policy: {} };
  for (const system of systems) {
    // vcsim knows one name for all hosts and answers DuplicateName for the second.
    await tolerating(['AlreadyExists', 'DuplicateName'], () =>
      client.call('AddPortGroup', system, { portgrp }, { signal }),
    );
  }
}

async function writeRecord(
  vcenter: Vcenter,
  { ref: entity }: PortGroup,
  ownership: Ownership,
  context: CallContext,
): Promise<void> {
  const { client } = vcenter;
  const { signal } = context;
  const { customFieldsManager } = await client.content({ signal });
  if (!customFieldsManager) return;
  const key = await fieldKey(vcenter, context);
  await client.call(
    'SetField',
    customFieldsManager,
    { entity, key, value: writeOwnership(ownership) },
    { signal },
  );
}

async function networkSystems(
  { client }: Vcenter,
  { hosts }: Place,
  { signal }: CallContext,
): Promise<readonly NetworkSystem[]> {
  const read = await client.readMany(hosts, ['configManager.networkSystem'], { signal });
  return [...read.values()].flatMap((host) => host['configManager.networkSystem'] ?? []);
}

async function tolerating(types: string | readonly string[], call: () => Promise<unknown>): Promise<void> {
  try {
    await call();
  } catch (error) {
    if (!isFault(error, ...[types].flat())) throw error;
  }
}

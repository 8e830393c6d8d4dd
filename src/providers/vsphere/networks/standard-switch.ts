import { sameOwner } from '../../contract';
import type { CallContext, Marker } from '../../contract';
import type { MoRef } from '../client';
import { isFault } from '../errors';
import { networkInventoryName } from '../identity';
import { readOwnership, writeOwnership } from '../map-marker';
import type { Ownership } from '../map-marker';
import { findPlace } from '../placement';
import { findChild } from '../search-index';
import type { Vcenter } from '../vcenter';
import { fieldKey, fieldValue } from './custom-field';
import type { PortGroup, Switch } from './switch';

const DEFAULT_SWITCH = 'vSwitch0';

type NetworkSystem = MoRef<'HostNetworkSystem'>;

/**
 * Port groups of the same name on the standard switch of every host in the cluster, which the inventory shows as one
 * network. They have no description, so the record of ownership is a custom attribute of the network, written last: until
 * then the creation has not come to an end.
 */
export function standardSwitch(vcenter: Vcenter): Switch {
  return {
    find: (marker, context) => find(vcenter, marker, context),
    usedVlans: async (context) => {
      const systems = await networkSystems(vcenter, context);
      const read = await vcenter.client.readMany(systems, ['networkInfo.portgroup'], {
        signal: context.signal,
      });
      return [...read.values()].flatMap((info) =>
        (info['networkInfo.portgroup'] ?? []).map(({ spec: { name, vlanId } }) => ({ name, vlanId })),
      );
    },
    add: (ownership, vlanId, context) => add(vcenter, ownership, vlanId, context),
    remove: async (name, _portGroup, context) => {
      for (const system of await networkSystems(vcenter, context)) {
        await tolerating('NotFound', () =>
          vcenter.client.call('RemovePortGroup', system, { pgName: name }, { signal: context.signal }),
        );
      }
    },
  };
}

async function find(vcenter: Vcenter, marker: Marker, context: CallContext): Promise<PortGroup | null> {
  const { networkFolder } = await findPlace(vcenter, context);
  const name = networkInventoryName(marker);
  const found = await findChild(vcenter, networkFolder, name, context);
  if (found?.type !== 'Network') return null;
  const ref: MoRef<'Network'> = { type: 'Network', value: found.value };
  const ownership = readOwnership(await fieldValue(vcenter, ref, context));
  return { ref, ownership: ownership && sameOwner(ownership.marker, marker) ? ownership : null };
}

async function add(
  vcenter: Vcenter,
  ownership: Ownership,
  vlanId: number,
  context: CallContext,
): Promise<void> {
  const { client, config } = vcenter;
  const { signal } = context;
  const name = networkInventoryName(ownership.marker);
  const vswitchName = config.switchName ?? DEFAULT_SWITCH;
  const portgrp = { name, vlanId, vswitchName, policy: {} };
  for (const system of await networkSystems(vcenter, context)) {
    // vcsim knows one name for all hosts and answers DuplicateName for the second.
    await tolerating(['AlreadyExists', 'DuplicateName'], () =>
      client.call('AddPortGroup', system, { portgrp }, { signal }),
    );
  }
  const made = await find(vcenter, ownership.marker, context);
  if (made === null) return;
  const { customFieldsManager } = await client.content({ signal });
  if (!customFieldsManager) return;
  const key = await fieldKey(vcenter, context);
  const params = { entity: made.ref, key, value: writeOwnership(ownership) };
  await client.call('SetField', customFieldsManager, params, { signal });
}

async function networkSystems(vcenter: Vcenter, context: CallContext): Promise<readonly NetworkSystem[]> {
  const { hosts } = await findPlace(vcenter, context);
  const read = await vcenter.client.readMany(hosts, ['configManager.networkSystem'], {
    signal: context.signal,
  });
  return [...read.values()].flatMap((host) => host['configManager.networkSystem'] ?? []);
}

async function tolerating(types: string | readonly string[], call: () => Promise<unknown>): Promise<void> {
  try {
    await call();
  } catch (error) {
    if (!isFault(error, ...[types].flat())) throw error;
  }
}

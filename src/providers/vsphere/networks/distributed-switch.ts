import { sameOwner } from '../../contract';
import type { CallContext, Marker } from '../../contract';
import type { DVPortgroupConfigSpec, MoRef, PropertyValue } from '../client';
import { isFault } from '../errors';
import { networkInventoryName } from '../identity';
import { readOwnership, writeOwnership } from '../map-marker';
import { findChild } from '../search-index';
import { findNamed, findPlace } from '../placement';
import type { Place } from '../placement';
import { endTask } from '../tasks';
import type { Vcenter } from '../vcenter';
import { once } from './once';
import type { PortGroup, Switch } from './switch';

/** Ports are made as cards are plugged in; this is how many there are to begin with. */
const FIRST_PORTS = 8;

type PortGroupConfig = PropertyValue<'DistributedVirtualPortgroup', 'config'>;

/**
 * Port groups of a distributed switch, for one mutation or read. The record of ownership is the port group's
 * description.
 */
export function distributedSwitch(vcenter: Vcenter): Switch {
  const { client } = vcenter;
  const place = once((context) => findPlace(vcenter, context));
  const home = once(async (context) => findHome(vcenter, await place(context), context));
  return {
    find: async (marker, context) => {
      const { folder } = await home(context);
      const ref = await findByName(vcenter, folder, marker, context);
      const read = ref && (await client.read(ref, ['config'], { signal: context.signal }));
      if (!ref || !read) return null;
      const ownership = readOwnership(read.config?.description);
      return { ref, ownership: ownership && sameOwner(ownership.marker, marker) ? ownership : null };
    },
    list: async (context) => listPortGroups(vcenter, (await place(context)).networkFolder, context),
    usedVlans: async (context) => {
      const used: { name: string; vlanId: number }[] = [];
      for await (const { properties } of client.retrieveContained(
        (await place(context)).networkFolder,
        'DistributedVirtualPortgroup',
        ['name', 'config'],
        { signal: context.signal },
      )) {
        const { name = '', config } = properties;
        used.push(...vlansOf(config).map((vlanId) => ({ name, vlanId })));
      }
      return used;
    },
    add: async (ownership, vlanId, context) => {
      const name = networkInventoryName(ownership.marker);
      const spec = portGroupSpec(name, writeOwnership(ownership), vlanId);
      await add(vcenter, (await home(context)).ref, spec, context);
    },
    remove: async (_name, { ref }, { signal }) => {
      try {
        await endTask(vcenter, await client.call('Destroy_Task', ref, {}, { signal }), signal);
      } catch (error) {
        // Somebody else has removed it meanwhile, or an earlier attempt of the same deletion has.
        if (!isFault(error, 'ManagedObjectNotFound')) throw error;
      }
    },
  };
}

async function listPortGroups(
  { client }: Vcenter,
  networkFolder: MoRef,
  { signal }: CallContext,
): Promise<readonly PortGroup[]> {
  const found: PortGroup[] = [];
  for await (const { ref, properties } of client.retrieveContained(
    networkFolder,
    'DistributedVirtualPortgroup',
    ['config'],
    { signal },
  )) {
    const ownership = readOwnership(properties.config?.description);
    if (ownership !== null) found.push({ ref, ownership });
  }
  return found;
}

/** A distributed switch, and the folder that its port groups are in as well. */
interface Home {
  readonly ref: MoRef<'DistributedVirtualSwitch'>;
  readonly folder: MoRef | null;
}

async function findHome(vcenter: Vcenter, { networkFolder }: Place, context: CallContext): Promise<Home> {
  const { client, config } = vcenter;
  const type = 'DistributedVirtualSwitch';
  const ref = await findNamed(vcenter, networkFolder, type, config.switchName, context);
  const read = await client.read(ref, ['parent'], { signal: context.signal });
  return { ref, folder: read?.parent ?? null };
}

async function findByName(
  vcenter: Vcenter,
  folder: MoRef | null,
  marker: Marker,
  context: CallContext,
): Promise<MoRef<'DistributedVirtualPortgroup'> | null> {
  const found = folder && (await findChild(vcenter, folder, networkInventoryName(marker), context));
  return found?.type === 'DistributedVirtualPortgroup'
    ? { type: 'DistributedVirtualPortgroup', value: found.value }
    : null;
}

async function add(
  vcenter: Vcenter,
  home: MoRef<'DistributedVirtualSwitch'>,
  spec: DVPortgroupConfigSpec,
  { signal }: CallContext,
): Promise<void> {
  try {
    const task = await vcenter.client.call('AddDVPortgroup_Task', home, { spec: [spec] }, { signal });
    await endTask(vcenter, task, signal);
  } catch (error) {
    // Another process has made it meanwhile.
    if (!isFault(error, 'DuplicateName')) throw error;
  }
}

function portGroupSpec(name: string, description: string, vlanId: number): DVPortgroupConfigSpec {
  return {
    name,
    numPorts: FIRST_PORTS,
    defaultPortConfig: {
      $type: 'VMwareDVSPortSetting',
      vlan: { $type: 'VmwareDistributedVirtualSwitchVlanIdSpec', inherited: false, vlanId },
    },
    description,
    type: 'earlyBinding',
    autoExpand: true,
  };
}

/** Trunks, such as those of uplinks, carry every VLAN for whoever uses it, and so use none. */
function vlansOf(config: PortGroupConfig | undefined): readonly number[] {
  const setting = config?.defaultPortConfig;
  if (setting?.$type !== 'VMwareDVSPortSetting') return [];
  const { vlan } = setting;
  return vlan?.$type === 'VmwareDistributedVirtualSwitchVlanIdSpec' ? [vlan.vlanId] : [];
}

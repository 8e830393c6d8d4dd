import { sameOwner } from '../../contract';
import type { CallContext, Marker } from '../../contract';
import type { DVPortgroupConfigSpec, MoRef, PropertyValue } from '../client';
import { isFault } from '../errors';
import { networkInventoryName } from '../identity';
import { readOwnership, writeOwnership } from '../map-marker';
import { findChild } from '../search-index';
import { findNamed, findPlace } from '../placement';
import { endTask } from '../tasks';
import type { Vcenter } from '../vcenter';
import type { Switch } from './switch';

/** Ports are made as cards are plugged in; this is how many there are to begin with. */
const FIRST_PORTS = 8;

type PortGroupConfig = PropertyValue<'DistributedVirtualPortgroup', 'config'>;

/** Port groups of a distributed switch. The record of ownership is the port group's description. */
export function distributedSwitch(vcenter: Vcenter): Switch {
  const { client } = vcenter;
  return {
    find: async (marker, context) => {
      const ref = await findByName(vcenter, marker, context);
      const read = ref && (await client.read(ref, ['config'], { signal: context.signal }));
      if (!ref || !read) return null;
      const ownership = readOwnership(read.config?.description);
      return { ref, ownership: ownership && sameOwner(ownership.marker, marker) ? ownership : null };
    },
    usedVlans: async (context) => {
      const used: { name: string; vlanId: number }[] = [];
      for await (const { properties } of client.retrieveContained(
        (await findPlace(vcenter, context)).networkFolder,
        'DistributedVirtualPortgroup',
        ['name', 'config'],
        { signal: context.signal },
      )) {
        const { name = '', config } = properties;
        used.push(...vlansOf(config).map((vlanId) => ({ name, vlanId })));
      }
      return used;
    },
    add: (ownership, vlanId, context) =>
      add(
        vcenter,
        portGroupSpec(networkInventoryName(ownership.marker), writeOwnership(ownership), vlanId),
        context,
      ),
    remove: async (_name, { ref }, { signal }) => {
      await endTask(vcenter, await client.call('Destroy_Task', ref, {}, { signal }), signal);
    },
  };
}

async function findByName(
  vcenter: Vcenter,
  marker: Marker,
  context: CallContext,
): Promise<MoRef<'DistributedVirtualPortgroup'> | null> {
  const { client } = vcenter;
  const call = { signal: context.signal };
  const home = await client.read(await findSwitch(vcenter, context), ['parent'], call);
  if (!home?.parent) return null;
  const name = networkInventoryName(marker);
  const found = await findChild(vcenter, home.parent, name, context);
  return found?.type === 'DistributedVirtualPortgroup'
    ? { type: 'DistributedVirtualPortgroup', value: found.value }
    : null;
}

async function findSwitch(
  vcenter: Vcenter,
  context: CallContext,
): Promise<MoRef<'DistributedVirtualSwitch'>> {
  const { networkFolder } = await findPlace(vcenter, context);
  return findNamed(vcenter, networkFolder, 'DistributedVirtualSwitch', vcenter.config.switchName, context);
}

async function add(vcenter: Vcenter, spec: DVPortgroupConfigSpec, context: CallContext): Promise<void> {
  const { signal } = context;
  const { type, value } = await findSwitch(vcenter, context);
  try {
    const task = await vcenter.client.call(
      'AddDVPortgroup_Task',
      { type, value },
      { spec: [spec] },
      { signal },
    );
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

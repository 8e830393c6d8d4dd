import type { DistributedPortGroup, DistributedSwitch, Folder, Id } from '../records';
import type { World } from '../world';
import { entityBase } from './entity-base';

/** A distributed switch over all hosts, with its uplinks and one port group for machines, whose id it answers. */
export function buildSwitch(world: World, folder: Folder, site: string, clusters: readonly Id[]): Id {
  const ref = world.newRef('VmwareDistributedVirtualSwitch', 'dvs');
  const owner = world.add<DistributedSwitch>({
    kind: 'SWITCH',
    ...entityBase(ref, `${site}-DVS0`, folder.ref.value),
    uuid: switchUuid(world.random.uuid()),
    hosts: clusters.flatMap((id) => world.get('CLUSTER', id).hosts),
    portGroups: [],
    changeNumber: 1,
    createdMs: world.now(),
  });
  folder.children.push(ref.value);
  const uplinks = addPortGroup(world, owner, `${owner.name}-DVUplinks`, { uplink: true });
  uplinks.vlan = { kind: 'TRUNK' };
  return addPortGroup(world, owner, `${site}-DVPG0`).ref.value;
}

/** A switch's UUID looks like `50 2e 1c … - 6f …`, in two halves. */
function switchUuid(uuid: string): string {
  const octets = uuid.replaceAll('-', '').match(/../g) ?? [];
  return `${octets.slice(0, 8).join(' ')}-${octets.slice(8).join(' ')}`;
}

/** A port group with early binding and 8 ports that grow, as the vSphere client makes it. */
export function addPortGroup(
  world: World,
  owner: DistributedSwitch,
  name: string,
  options: { readonly uplink?: boolean } = {},
): DistributedPortGroup {
  const ref = world.newRef('DistributedVirtualPortgroup', 'dvportgroup');
  const group = world.add<DistributedPortGroup>({
    kind: 'PORT_GROUP',
    ...entityBase(ref, name, owner.parent),
    switchId: owner.ref.value,
    uplink: options.uplink ?? false,
    vlan: { kind: 'ID', id: 0 },
    description: null,
    portCount: 8,
    binding: 'earlyBinding',
    autoExpand: true,
    changeNumber: 0,
  });
  owner.portGroups.push(ref.value);
  if (owner.parent !== null) world.get('FOLDER', owner.parent).children.push(ref.value);
  return group;
}

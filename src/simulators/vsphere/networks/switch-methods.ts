import { rename, touchMachinesOn } from '../inventory/entity-methods';
import type { MachineContext } from '../machines/context';
import { addPortGroup } from '../model/build/build-switch';
import { requireFreeName, takeOut } from '../model/folders';
import { notSupported, storedName } from '../model/names';
import type { DistributedPortGroup, DistributedSwitch, Vlan } from '../model/records';
import type { World } from '../model/world';
import { invalidArgument, optionalBoolean, optionalInt, requireChild } from '../service/arguments';
import type { MethodCall, MethodTable } from '../service/method';
import { VimFault } from '../vim/fault';
import { childrenOf, textOf } from '../vim/element';
import type { RequestElement } from '../vim/element';
import type { MoRef } from '../vim/values';
import { readVlan } from './vlan';

const BINDINGS = ['earlyBinding', 'lateBinding', 'ephemeral'] as const;

export function switchMethods(context: MachineContext): readonly MethodTable[] {
  const { world } = context;
  const ownerOf = ({ self }: MethodCall) => world.named('SWITCH', self, '_this');
  const groupOf = ({ self }: MethodCall) => world.named('PORT_GROUP', self, '_this');
  return [
    {
      type: 'DistributedVirtualSwitch',
      methods: {
        AddDVPortgroup_Task: (call) =>
          addGroups(context, ownerOf(call), 'AddDVPortgroup_Task', childrenOf(call.request, 'spec')),
        CreateDVPortgroup_Task: (call) =>
          addGroups(context, ownerOf(call), 'CreateDVPortgroup_Task', [requireChild(call.request, 'spec')]),
      },
    },
    {
      type: 'DistributedVirtualPortgroup',
      methods: {
        ReconfigureDVPortgroup_Task: (call) =>
          reconfigure(context, groupOf(call), requireChild(call.request, 'spec')),
        Destroy_Task: (call) => destroy(context, groupOf(call)),
      },
    },
  ];
}

interface GroupSpec {
  readonly name: string | null;
  readonly configVersion: string | null;
  readonly vlan: Vlan | null;
  readonly description: string | null;
  readonly portCount: number | null;
  readonly binding: DistributedPortGroup['binding'] | null;
  readonly autoExpand: boolean | null;
}

function readGroup(spec: RequestElement): GroupSpec {
  const name = textOf(spec, 'name');
  const type = textOf(spec, 'type')?.trim();
  const binding = BINDINGS.find((one) => one === type) ?? null;
  if (type !== undefined && !binding) throw invalidArgument('spec.type');
  const portCount = optionalInt(spec, 'numPorts');
  if (portCount !== null && portCount < 0) throw invalidArgument('spec.numPorts');
  return {
    name: name === null ? null : storedName(name),
    configVersion: textOf(spec, 'configVersion'),
    vlan: readVlan(spec),
    description: textOf(spec, 'description'),
    portCount,
    binding,
    autoExpand: optionalBoolean(spec, 'autoExpand'),
  };
}

function apply(group: DistributedPortGroup, spec: GroupSpec): void {
  group.vlan = spec.vlan ?? group.vlan;
  group.description = spec.description ?? group.description;
  group.portCount = spec.portCount ?? group.portCount;
  group.binding = spec.binding ?? group.binding;
  group.autoExpand = spec.autoExpand ?? group.autoExpand;
  group.changeNumber++;
}

/** All or none. The task's result of the single form is the port group; the plural one has none, as in vCenter. */
function addGroups(
  context: MachineContext,
  owner: DistributedSwitch,
  name: 'AddDVPortgroup_Task' | 'CreateDVPortgroup_Task',
  elements: readonly RequestElement[],
): MoRef {
  const { world } = context;
  const specs = elements.map(readGroup);
  if (specs.length === 0) throw invalidArgument('spec');
  if (specs.some((spec) => spec.name === null || spec.binding === null)) throw invalidArgument('spec');
  return context.tasks.start({
    name,
    descriptionId: name === 'AddDVPortgroup_Task' ? 'dvs.addPortgroups' : 'dvs.createPortgroup',
    entity: owner,
    finish: () => {
      const folder = world.get('FOLDER', owner.parent ?? '');
      const names = specs.map((spec) => spec.name ?? '');
      for (const one of names) requireFreeName(world, folder.children, one);
      if (new Set(names).size < names.length) throw invalidArgument('spec.name');
      const made = specs.map((spec) => {
        const group = addPortGroup(world, owner, spec.name ?? '');
        apply(group, spec);
        return group;
      });
      world.touch(folder);
      touchSurroundings(world, owner);
      return name === 'CreateDVPortgroup_Task' ? made[0]?.ref : undefined;
    },
  });
}

function reconfigure(context: MachineContext, group: DistributedPortGroup, element: RequestElement): MoRef {
  const { world } = context;
  const spec = readGroup(element);
  return context.tasks.start({
    name: 'ReconfigureDVPortgroup_Task',
    descriptionId: 'dvs.DistributedVirtualPortgroup.reconfigure',
    entity: group,
    finish: () => {
      if (spec.configVersion !== String(group.changeNumber))
        throw new VimFault('ConcurrentAccess', {}, 'The port group has been changed by somebody else.');
      if (spec.name !== null) rename(world, group, spec.name);
      apply(group, spec);
      world.touch(group);
      touchSurroundings(world, world.get('SWITCH', group.switchId));
      return undefined;
    },
  });
}

function destroy(context: MachineContext, group: DistributedPortGroup): MoRef {
  const { world } = context;
  if (group.uplink) throw notSupported('the uplinks stay with their switch');
  return context.tasks.start({
    name: 'Destroy_Task',
    descriptionId: 'dvs.DistributedVirtualPortgroup.destroy',
    entity: group,
    finish: () => {
      if (world.relations.loadOf(group.ref.value).machines.size > 0)
        throw new VimFault(
          'ResourceInUse',
          { type: group.ref.$ref, name: group.name },
          `The resource '${group.ref.value}' is in use.`,
        );
      const owner = world.get('SWITCH', group.switchId);
      owner.portGroups = owner.portGroups.filter((id) => id !== group.ref.value);
      takeOut(world, group);
      world.remove(group);
      touchSurroundings(world, owner);
      return undefined;
    },
  });
}

/** The switch, and all who list its port groups: hosts, clusters, the datacenter. */
function touchSurroundings(world: World, owner: DistributedSwitch): void {
  owner.changeNumber++;
  world.touch(owner, ...world.ofKind('DATACENTER'), ...world.ofKind('CLUSTER'));
  for (const id of owner.hosts) world.touch(world.get('HOST', id));
  for (const id of owner.portGroups) touchMachinesOn(world, id);
}

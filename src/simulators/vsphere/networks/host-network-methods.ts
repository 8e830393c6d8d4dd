import { touchMachinesOn } from '../inventory/entity-methods';
import { siteOf } from '../machines/placement';
import { entityBase } from '../model/build/entity-base';
import { putInto, takeOut } from '../model/folders';
import { storedName } from '../model/names';
import type { Host, Network, PortGroupOnHost } from '../model/records';
import type { World } from '../model/world';
import { invalidArgument, optionalInt, requireChild, requireText } from '../service/arguments';
import type { MethodCall, MethodTable } from '../service/method';
import { VimFault } from '../vim/fault';
import type { RequestElement } from '../vim/element';
import { requireVlanId } from './vlan';

/** Guests that tag their own frames. */
const TRUNK = 4095;

/** Standard port groups: each host has its own, and those of one name are one network of the datacenter. */
export function hostNetworkMethods(world: World): MethodTable {
  const hostOf = ({ self }: MethodCall) => world.get('HOST', world.named('HOST_NETWORK', self, '_this').host);
  return {
    type: 'HostNetworkSystem',
    methods: {
      AddPortGroup: (call) => {
        const host = hostOf(call);
        const spec = readSpec(host, requireChild(call.request, 'portgrp'));
        if (host.portGroups.some((one) => one.name === spec.name))
          throw new VimFault('AlreadyExists', { name: spec.name }, `The name '${spec.name}' already exists.`);
        attach(world, host, spec);
        return undefined;
      },
      RemovePortGroup: (call) => {
        const host = hostOf(call);
        const group = groupOf(host, call.request);
        requireUnused(world, host, group);
        detach(world, host, group);
        return undefined;
      },
      UpdatePortGroup: (call) => {
        const host = hostOf(call);
        const group = groupOf(host, call.request);
        const spec = readSpec(host, requireChild(call.request, 'portgrp'));
        if (spec.name === group.name) {
          replace(world, host, group, { ...spec, network: group.network });
          return undefined;
        }
        if (host.portGroups.some((one) => one.name === spec.name))
          throw new VimFault('AlreadyExists', { name: spec.name });
        requireUnused(world, host, group);
        detach(world, host, group);
        attach(world, host, spec);
        return undefined;
      },
    },
  };
}

type Spec = Omit<PortGroupOnHost, 'network'>;

/** Throws NotFound for a switch that the host does not have. */
function readSpec(host: Host, spec: RequestElement): Spec {
  const name = storedName(requireText(spec, 'name'));
  const vlanId = optionalInt(spec, 'vlanId');
  if (vlanId === null) throw invalidArgument('portgrp.vlanId');
  requireVlanId(vlanId, 'portgrp.vlanId', TRUNK);
  const switchName = requireText(spec, 'vswitchName');
  if (!host.switches.includes(switchName))
    throw new VimFault('NotFound', {}, `The host has no switch '${switchName}'.`);
  return { name, vlanId, switchName };
}

function groupOf(host: Host, request: RequestElement): PortGroupOnHost {
  const name = requireText(request, 'pgName');
  const found = host.portGroups.find((one) => one.name === name);
  if (!found) throw new VimFault('NotFound', {}, `The host has no port group '${name}'.`);
  return found;
}

function requireUnused(world: World, host: Host, group: PortGroupOnHost): void {
  for (const id of world.relations.loadOf(group.network).machines)
    if (world.get('MACHINE', id).host === host.ref.value)
      throw new VimFault('ResourceInUse', { type: 'Network', name: group.name }, 'The port group is in use.');
}

function attach(world: World, host: Host, spec: Spec): void {
  const site = world.get('DATACENTER', siteOf(world, host.ref.value) ?? '');
  const folder = world.get('FOLDER', site.networkFolder);
  let network: Network | null = null;
  for (const one of world.ofKind('NETWORK'))
    if (one.name === spec.name && siteOf(world, one.ref.value) === site.ref.value) network = one;
  if (!network) {
    const ref = world.newRef('Network', 'network');
    network = world.add<Network>({
      kind: 'NETWORK',
      ...entityBase(ref, spec.name, folder.ref.value),
      hosts: [],
    });
    putInto(world, folder, network);
  }
  network.hosts = [...network.hosts, host.ref.value];
  host.portGroups = [...host.portGroups, { ...spec, network: network.ref.value }];
  touchAround(world, host);
  world.touch(network);
}

/** With the last host the network goes too. */
function detach(world: World, host: Host, group: PortGroupOnHost): void {
  const network = world.get('NETWORK', group.network);
  network.hosts = network.hosts.filter((id) => id !== host.ref.value);
  host.portGroups = host.portGroups.filter((one) => one !== group);
  touchAround(world, host);
  world.touch(network);
  if (network.hosts.length > 0) return;
  takeOut(world, network);
  world.remove(network);
}

function replace(world: World, host: Host, group: PortGroupOnHost, by: PortGroupOnHost): void {
  host.portGroups = host.portGroups.map((one) => (one === group ? by : one));
  touchAround(world, host);
  touchMachinesOn(world, group.network);
}

function touchAround(world: World, host: Host): void {
  world.touch(host, world.get('HOST_NETWORK', host.networkSystem), world.get('CLUSTER', host.parent ?? ''));
  world.touch(world.get('DATACENTER', siteOf(world, host.ref.value) ?? ''));
}

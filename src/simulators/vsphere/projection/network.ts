import type { DistributedPortGroup, DistributedSwitch, Network, Vlan } from '../model/records';
import type { World } from '../model/world';
import type { VimStruct } from '../vim/values';
import { array, struct } from '../vim/values';
import { entityProperties } from './entity';
import type { Properties } from './entity';
import { refs, strings } from './scalars';

const PRODUCT = struct('DistributedVirtualSwitchProductSpec', {
  name: 'DVS',
  vendor: 'VMware, Inc.',
  version: '8.0.0',
  build: '22385739',
  forwardingClass: 'etherswitch',
});

const POLICY = struct('VMwareDVSPortgroupPolicy', {
  blockOverrideAllowed: true,
  shapingOverrideAllowed: false,
  vendorConfigOverrideAllowed: false,
  livePortMovingAllowed: false,
  portConfigResetAtDisconnect: true,
  networkResourcePoolOverrideAllowed: false,
  trafficFilterOverrideAllowed: false,
  vlanOverrideAllowed: false,
  uplinkTeamingOverrideAllowed: false,
  securityPolicyOverrideAllowed: false,
  ipfixOverrideAllowed: false,
});

export function networkProperties(world: World, network: Network): Properties {
  return {
    ...entityProperties(world, network),
    summary: networkSummary(network),
    host: refs(network.hosts.map((id) => world.ref(id))),
    vm: machinesOn(world, network.ref.value),
  };
}

function machinesOn(world: World, network: string) {
  return refs([...world.relations.loadOf(network).machines].map((id) => world.ref(id)));
}

function networkSummary(network: Network | DistributedPortGroup): VimStruct {
  return struct('NetworkSummary', {
    network: network.ref,
    name: network.name,
    accessible: true,
    ipPoolName: '',
  });
}

export function portGroupProperties(world: World, group: DistributedPortGroup): Properties {
  const owner = world.get('SWITCH', group.switchId);
  return {
    ...entityProperties(world, group),
    summary: networkSummary(group),
    host: refs(owner.hosts.map((id) => world.ref(id))),
    vm: machinesOn(world, group.ref.value),
    key: group.ref.value,
    config: struct('DVPortgroupConfigInfo', {
      key: group.ref.value,
      name: group.name,
      numPorts: group.portCount,
      distributedVirtualSwitch: owner.ref,
      defaultPortConfig: portSetting(group.vlan),
      description: group.description ?? undefined,
      type: group.binding,
      backingType: 'standard',
      policy: POLICY,
      configVersion: String(group.changeNumber),
      autoExpand: group.autoExpand,
      uplink: group.uplink,
    }),
    portKeys: strings([]),
  };
}

function portSetting(vlan: Vlan): VimStruct {
  return struct('VMwareDVSPortSetting', {
    blocked: struct('BoolPolicy', { inherited: false, value: false }),
    vlan:
      vlan.kind === 'ID'
        ? struct('VmwareDistributedVirtualSwitchVlanIdSpec', { inherited: false, vlanId: vlan.id })
        : struct('VmwareDistributedVirtualSwitchTrunkVlanSpec', {
            inherited: false,
            vlanId: array('NumericRange', [struct('NumericRange', { start: 0, end: 4094 })]),
          }),
  });
}

export function switchProperties(world: World, owner: DistributedSwitch): Properties {
  const groups = owner.portGroups.map((id) => world.get('PORT_GROUP', id));
  const ports = groups.reduce((sum, group) => sum + group.portCount, 0);
  const hosts = refs(owner.hosts.map((id) => world.ref(id)));
  return {
    ...entityProperties(world, owner),
    uuid: owner.uuid,
    capability: struct('DVSCapability', { dvsOperationSupported: true, dvPortGroupOperationSupported: true }),
    summary: struct('DVSSummary', {
      name: owner.name,
      uuid: owner.uuid,
      numPorts: ports,
      productInfo: PRODUCT,
      hostMember: hosts,
      host: hosts,
      portgroupName: strings(groups.map((group) => group.name)),
      description: undefined,
      contact: struct('DVSContactInfo'),
      numHosts: owner.hosts.length,
    }),
    config: switchConfig(owner, groups, ports),
    portgroup: refs(groups.map((group) => group.ref)),
  };
}

function switchConfig(
  owner: DistributedSwitch,
  groups: readonly DistributedPortGroup[],
  ports: number,
): VimStruct {
  return struct('VMwareDVSConfigInfo', {
    uuid: owner.uuid,
    name: owner.name,
    numStandalonePorts: 0,
    numPorts: ports,
    maxPorts: 2_147_483_647,
    uplinkPortPolicy: struct('DVSNameArrayUplinkPortPolicy', {
      uplinkPortName: strings(['Uplink 1', 'Uplink 2']),
    }),
    uplinkPortgroup: refs(groups.filter((group) => group.uplink).map((group) => group.ref)),
    defaultPortConfig: portSetting({ kind: 'ID', id: 0 }),
    productInfo: PRODUCT,
    configVersion: String(owner.changeNumber),
    contact: struct('DVSContactInfo'),
    createTime: new Date(owner.createdMs),
    networkResourceManagementEnabled: true,
    maxMtu: 1500,
  });
}

import type { Host, HostNetworkSystem } from '../model/records';
import type { World } from '../model/world';
import type { VimStruct } from '../vim/values';
import { array, long, struct } from '../vim/values';
import { customValues, entityProperties } from './entity';
import type { Properties } from './entity';
import { GREEN, enumOf, refs, short, strings } from './scalars';

const MIB = 1024 ** 2;
const VENDOR = 'Simulated Hardware';
const MODEL = 'vSphere Host';
const CPU_MODEL = 'Simulated CPU @ 2.60GHz';

export const ESXI = struct('AboutInfo', {
  name: 'VMware ESXi',
  fullName: 'VMware ESXi 8.0.2 build-22380479',
  vendor: 'VMware, Inc.',
  version: '8.0.2',
  build: '22380479',
  localeVersion: 'INTL',
  localeBuild: '000',
  osType: 'vmnix-x86',
  productLineId: 'embeddedEsx',
  apiType: 'HostAgent',
  apiVersion: '8.0.2.0',
});

export function hostProperties(world: World, host: Host): Properties {
  const runtime = hostRuntime(host);
  const load = world.relations.loadOf(host.ref.value);
  return {
    ...entityProperties(world, host),
    runtime,
    summary: hostSummary(world, host, runtime),
    hardware: hostHardware(host),
    licensableResource: licensableResource(host),
    configManager: struct('HostConfigManager', { networkSystem: world.ref(host.networkSystem) }),
    config: struct('HostConfigInfo', {
      host: host.ref,
      product: ESXI,
      network: hostNetwork(host),
    }),
    vm: refs([...load.machines].map((id) => world.ref(id))),
    datastore: refs(host.datastores.map((id) => world.ref(id))),
    network: refs(networksOf(world, host).map((id) => world.ref(id))),
  };
}

export function networksOf(world: World, host: Host): string[] {
  const standard = host.portGroups.map((one) => one.network);
  const distributed = [...world.ofKind('SWITCH')]
    .filter((one) => one.hosts.includes(host.ref.value))
    .flatMap((one) => one.portGroups);
  return [...standard, ...distributed];
}

/** Every host has to say what of it a license would count. */
function licensableResource(host: Host): VimStruct {
  const count = (key: string, value: number) => struct('KeyAnyValue', { key, value });
  return struct('HostLicensableResourceInfo', {
    resource: array('KeyAnyValue', [
      count('numCpuPackages', host.cpuPackages),
      count('numCpuCores', host.cpuCores),
    ]),
  });
}

function hostRuntime(host: Host): VimStruct {
  return struct('HostRuntimeInfo', {
    connectionState: enumOf('HostSystemConnectionState', 'connected'),
    powerState: enumOf('HostSystemPowerState', 'poweredOn'),
    standbyMode: 'none',
    inMaintenanceMode: false,
    inQuarantineMode: false,
    bootTime: new Date(host.bootedMs),
  });
}

function hostSummary(world: World, host: Host, runtime: VimStruct): VimStruct {
  const load = world.relations.loadOf(host.ref.value);
  return struct('HostListSummary', {
    host: host.ref,
    hardware: struct('HostHardwareSummary', {
      vendor: VENDOR,
      model: MODEL,
      uuid: host.uuid,
      memorySize: long(host.memoryMib * MIB),
      cpuModel: CPU_MODEL,
      cpuMhz: host.cpuMhz,
      numCpuPkgs: short(host.cpuPackages),
      numCpuCores: short(host.cpuCores),
      numCpuThreads: short(host.cpuThreads),
      numNics: 2,
      numHBAs: 1,
    }),
    runtime,
    config: struct('HostConfigSummary', {
      name: host.name,
      port: 443,
      product: ESXI,
      vmotionEnabled: true,
      faultToleranceEnabled: false,
    }),
    quickStats: struct('HostListSummaryQuickStats', {
      overallCpuUsage: load.cpuCount * 100,
      overallMemoryUsage: load.memoryMib,
      uptime: Math.max(0, Math.floor((world.startedMs - host.bootedMs) / 1000)),
    }),
    overallStatus: GREEN,
    rebootRequired: false,
    customValue: customValues(host),
  });
}

function hostHardware(host: Host): VimStruct {
  return struct('HostHardwareInfo', {
    systemInfo: struct('HostSystemInfo', { vendor: VENDOR, model: MODEL, uuid: host.uuid }),
    cpuInfo: struct('HostCpuInfo', {
      numCpuPackages: short(host.cpuPackages),
      numCpuCores: short(host.cpuCores),
      numCpuThreads: short(host.cpuThreads),
      hz: long(host.cpuMhz * 1_000_000),
    }),
    memorySize: long(host.memoryMib * MIB),
  });
}

function hostNetwork(host: Host): VimStruct {
  const switches = host.switches.map((name) =>
    struct('HostVirtualSwitch', {
      name,
      key: `key-vim.host.VirtualSwitch-${name}`,
      numPorts: 1536,
      numPortsAvailable: 1530,
      mtu: 1500,
      portgroup: strings(
        host.portGroups.filter((one) => one.switchName === name).map((one) => portGroupKey(one.name)),
      ),
      spec: struct('HostVirtualSwitchSpec', { numPorts: 128, mtu: 1500 }),
    }),
  );
  const portGroups = host.portGroups.map((one) =>
    struct('HostPortGroup', {
      key: portGroupKey(one.name),
      vswitch: `key-vim.host.VirtualSwitch-${one.switchName}`,
      computedPolicy: struct('HostNetworkPolicy'),
      spec: struct('HostPortGroupSpec', {
        name: one.name,
        vlanId: one.vlanId,
        vswitchName: one.switchName,
        policy: struct('HostNetworkPolicy'),
      }),
    }),
  );
  return struct('HostNetworkInfo', {
    vswitch: array('HostVirtualSwitch', switches),
    portgroup: array('HostPortGroup', portGroups),
  });
}

function portGroupKey(name: string): string {
  return `key-vim.host.PortGroup-${name}`;
}

export function hostNetworkSystemProperties(world: World, system: HostNetworkSystem): Properties {
  return {
    value: array('CustomFieldValue', []),
    availableField: array('CustomFieldDef', []),
    networkInfo: hostNetwork(world.get('HOST', system.host)),
    capabilities: struct('HostNetCapabilities', {
      canSetPhysicalNicLinkSpeed: false,
      supportsNicTeaming: false,
      supportsVlan: true,
      usesServiceConsoleNic: false,
      supportsNetworkHints: false,
      vswitchConfigSupported: true,
      vnicConfigSupported: false,
      ipRouteConfigSupported: false,
      dnsConfigSupported: false,
      dhcpOnVnicSupported: false,
    }),
  };
}

/** How a host can be reached by the machine's disks and files. */
export function hostMount(host: Host, url: string): VimStruct {
  return struct('DatastoreHostMount', {
    key: host.ref,
    mountInfo: struct('HostMountInfo', {
      path: url.replace(/^ds:\/\//, '').replace(/\/$/, ''),
      accessMode: 'readWrite',
      mounted: true,
      accessible: true,
    }),
  });
}

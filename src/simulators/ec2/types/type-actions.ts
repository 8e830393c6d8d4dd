import { ApiError } from '../wire/api-error';
import type { Parameters } from '../wire/parameters';
import type { XmlObject } from '../wire/xml';
import type { Actions } from '../model/action';
import { readFilters } from '../model/filters';
import type { FilterFields } from '../model/filters';
import { pageOf } from '../model/pages';
import type { Stored } from '../model/records';
import type { World } from '../model/world';
import { ZONE_LETTERS } from '../networks/zones';
import { INSTANCE_TYPES, instanceType } from './catalog';
import type { InstanceType } from './catalog';

type Listed = InstanceType & Stored;

const FILTERS: FilterFields<Listed> = {
  'instance-type': ({ id }) => id,
  'current-generation': () => true,
  'bare-metal': () => false,
  'burstable-performance-supported': ({ burstable }) => burstable,
  hypervisor: () => 'nitro',
  'free-tier-eligible': ({ id }) => id === 't3.micro',
  'memory-info.size-in-mib': ({ memoryMib }) => memoryMib,
  'processor-info.supported-architecture': ({ architecture }) => architecture,
  'processor-info.sustained-clock-speed-in-ghz': ({ clockGhz }) => clockGhz,
  'supported-boot-mode': ({ architecture }) => bootModes(architecture),
  'supported-root-device-type': () => 'ebs',
  'supported-usage-class': () => ['on-demand', 'spot'],
  'supported-virtualization-type': () => 'hvm',
  'vcpu-info.default-cores': ({ vcpus, threadsPerCore }) => vcpus / threadsPerCore,
  'vcpu-info.default-threads-per-core': ({ threadsPerCore }) => threadsPerCore,
  'vcpu-info.default-vcpus': ({ vcpus }) => vcpus,
};

const LIMITS = { least: 5, most: 100, usual: 100 };

export function typeActions(world: World): Actions {
  return {
    DescribeInstanceTypes: (parameters) => describe(parameters),
    DescribeInstanceTypeOfferings: (parameters) => describeOfferings(world, parameters),
  };
}

function listed(type: InstanceType): Listed {
  return { ...type, due: null, tags: [] };
}

function describe(parameters: Parameters): XmlObject {
  const names = parameters.list('InstanceType');
  const unknown = names.filter((name) => instanceType(name) === null);
  if (unknown.length > 0) {
    throw new ApiError(
      'InvalidInstanceType',
      `The following supplied instance types do not exist: [${unknown.join(', ')}]`,
    );
  }
  const passes = readFilters(parameters, FILTERS);
  const types = INSTANCE_TYPES.filter(({ id }) => names.length === 0 || names.includes(id)).map(listed);
  const { items, nextToken } = pageOf(types.filter(passes), parameters, names.length > 0, LIMITS);
  return { instanceTypeSet: items.map(view), nextToken };
}

function describeOfferings(world: World, parameters: Parameters): XmlObject {
  const { region } = world.options;
  const locationType =
    parameters.oneOf('LocationType', ['region', 'availability-zone', 'availability-zone-id']) ?? 'region';
  const locations = locationType === 'region' ? [region] : ZONE_LETTERS.map((letter) => region + letter);
  const offers = INSTANCE_TYPES.flatMap((type) =>
    locations.map((location, index) => ({
      ...listed(type),
      sequence: type.sequence * ZONE_LETTERS.length + index,
      location,
    })),
  );
  const passes = readFilters<(typeof offers)[number]>(parameters, {
    'instance-type': ({ id }) => id,
    location: ({ location }) => location,
  });
  const { items, nextToken } = pageOf(offers.filter(passes), parameters, false, {
    ...LIMITS,
    most: 1_000,
    usual: 1_000,
  });
  return {
    instanceTypeOfferingSet: items.map(({ id, location }) => ({ instanceType: id, locationType, location })),
    nextToken,
  };
}

function bootModes(architecture: InstanceType['architecture']): readonly string[] {
  return architecture === 'arm64' ? ['uefi'] : ['legacy-bios', 'uefi'];
}

function view(type: InstanceType): XmlObject {
  const cores = type.vcpus / type.threadsPerCore;
  return {
    instanceType: type.id,
    currentGeneration: true,
    freeTierEligible: type.id === 't3.micro',
    supportedUsageClasses: ['on-demand', 'spot'],
    supportedRootDeviceTypes: ['ebs'],
    supportedVirtualizationTypes: ['hvm'],
    bareMetal: false,
    hypervisor: 'nitro',
    processorInfo: {
      supportedArchitectures: [type.architecture],
      sustainedClockSpeedInGhz: type.clockGhz,
      manufacturer: manufacturerOf(type),
    },
    vCpuInfo: {
      defaultVCpus: type.vcpus,
      defaultCores: cores,
      defaultThreadsPerCore: type.threadsPerCore,
    },
    memoryInfo: { sizeInMiB: type.memoryMib },
    instanceStorageSupported: false,
    ebsInfo: { ebsOptimizedSupport: 'default', encryptionSupport: 'supported', nvmeSupport: 'required' },
    networkInfo: {
      networkPerformance: type.networkPerformance,
      maximumNetworkInterfaces: type.maxInterfaces,
      ipv4AddressesPerInterface: type.addressesPerInterface,
      ipv6AddressesPerInterface: type.addressesPerInterface,
      ipv6Supported: true,
      enaSupport: 'required',
      efaSupported: false,
    },
    placementGroupInfo: { supportedStrategies: ['partition', 'spread'] },
    hibernationSupported: !type.burstable,
    burstablePerformanceSupported: type.burstable,
    dedicatedHostsSupported: !type.burstable,
    autoRecoverySupported: true,
    supportedBootModes: [...bootModes(type.architecture)],
  };
}

function manufacturerOf({ id, architecture }: InstanceType): string {
  if (architecture === 'arm64') return 'AWS';
  return id.startsWith('t3a.') ? 'AMD' : 'Intel';
}

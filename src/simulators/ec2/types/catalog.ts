import type { Architecture } from '../model/records';

export interface InstanceType {
  readonly id: string;
  readonly vcpus: number;
  readonly memoryMib: number;
  readonly architecture: Architecture;
  readonly burstable: boolean;
  readonly threadsPerCore: number;
  readonly clockGhz: number;
  readonly networkPerformance: string;
  readonly maxInterfaces: number;
  readonly addressesPerInterface: number;
  /** Of the list. */
  readonly sequence: number;
}

interface Family {
  readonly name: string;
  readonly architecture: Architecture;
  readonly burstable: boolean;
  readonly threadsPerCore: number;
  readonly clockGhz: number;
  readonly network: string;
  /** Name of the size, vCPUs, GiB, interfaces, addresses of each. */
  readonly sizes: readonly (readonly [string, number, number, number, number])[];
}

const BURSTABLE: Family['sizes'] = [
  ['nano', 2, 0.5, 2, 2],
  ['micro', 2, 1, 2, 2],
  ['small', 2, 2, 3, 4],
  ['medium', 2, 4, 3, 6],
  ['large', 2, 8, 3, 12],
  ['xlarge', 4, 16, 4, 15],
  ['2xlarge', 8, 32, 4, 15],
];

/** @param gibPerVcpu 4 for general purpose, 2 for compute */
function steady(gibPerVcpu: number): Family['sizes'] {
  return [
    ['large', 2, 2 * gibPerVcpu, 3, 10],
    ['xlarge', 4, 4 * gibPerVcpu, 4, 15],
    ['2xlarge', 8, 8 * gibPerVcpu, 4, 15],
    ['4xlarge', 16, 16 * gibPerVcpu, 8, 30],
    ['8xlarge', 32, 32 * gibPerVcpu, 8, 30],
    ['12xlarge', 48, 48 * gibPerVcpu, 8, 30],
    ['16xlarge', 64, 64 * gibPerVcpu, 15, 50],
    ['24xlarge', 96, 96 * gibPerVcpu, 15, 50],
  ];
}

const X86 = { architecture: 'x86_64', threadsPerCore: 2 } as const;
const SLOW = { burstable: true, network: 'Up to 5 Gigabit' } as const;
const FAST = { burstable: false, network: 'Up to 12.5 Gigabit' } as const;

const FAMILIES: readonly Family[] = [
  { name: 't3', ...X86, ...SLOW, clockGhz: 2.5, sizes: BURSTABLE },
  { name: 't3a', ...X86, ...SLOW, clockGhz: 2.2, sizes: BURSTABLE },
  { name: 't4g', architecture: 'arm64', threadsPerCore: 1, ...SLOW, clockGhz: 2.5, sizes: BURSTABLE },
  { name: 'm6i', ...X86, ...FAST, clockGhz: 3.5, sizes: steady(4) },
  { name: 'c6i', ...X86, ...FAST, clockGhz: 3.5, sizes: steady(2) },
];

/** A part of what there is, as large as the real ones. */
export const INSTANCE_TYPES: readonly InstanceType[] = FAMILIES.flatMap((family) =>
  family.sizes.map(([size, vcpus, gib, maxInterfaces, addressesPerInterface]) => ({
    id: `${family.name}.${size}`,
    vcpus,
    memoryMib: gib * 1_024,
    architecture: family.architecture,
    burstable: family.burstable,
    threadsPerCore: family.threadsPerCore,
    clockGhz: family.clockGhz,
    networkPerformance: family.network,
    maxInterfaces,
    addressesPerInterface,
  })),
).map((type, index) => ({ ...type, sequence: index + 1 }));

const BY_ID = new Map(INSTANCE_TYPES.map((type) => [type.id, type]));

export function instanceType(id: string): InstanceType | null {
  return BY_ID.get(id) ?? null;
}

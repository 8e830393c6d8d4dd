import type { InstanceTypeInfo } from '@aws-sdk/client-ec2';
import { Batcher } from './batcher';
import type { InstanceTypeSize } from './choose-type';
import { ExpiringCache } from './expiring-cache';
import type { Ec2Line } from './line';
import { allPages } from './pages';

/** EC2 adds types now and then. */
const ALLOWED_LIFE_MS = 3_600_000;
const MAX_PAGE = 100;
/** EC2's limit for the values of one filter. */
const MAX_VALUES = 200;

/** What instance types there are, and how large they are. */
export class InstanceTypes {
  private readonly known = new Map<string, InstanceTypeSize>();
  private readonly allowedTypes = new ExpiringCache<readonly InstanceTypeSize[]>(ALLOWED_LIFE_MS, 1);
  private readonly lookups: Batcher<InstanceTypeSize>;

  /** @param patterns of the types that VMs may get */
  constructor(
    private readonly line: Ec2Line,
    private readonly patterns: readonly string[],
  ) {
    this.lookups = new Batcher((names, signal) => this.load(names, signal), MAX_VALUES);
  }

  /** The types that new VMs may get. */
  async allowed(signal: AbortSignal): Promise<readonly InstanceTypeSize[]> {
    const load = async () => [...(await this.load(this.patterns, signal)).values()];
    return (await this.allowedTypes.get('', load)) ?? [];
  }

  /** Any type by its name; null for one that EC2 does not know. */
  async sizeOf(name: string, signal: AbortSignal): Promise<InstanceTypeSize | null> {
    return this.known.get(name) ?? this.lookups.get(name, signal);
  }

  private async load(
    patterns: readonly string[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, InstanceTypeSize>> {
    const input = { Filters: [{ Name: 'instance-type', Values: [...patterns] }], MaxResults: MAX_PAGE };
    const pages = await allPages((page) =>
      this.line.send(signal, (sdk) => new sdk.DescribeInstanceTypesCommand({ ...input, ...page })),
    );
    const found = new Map(
      pages.flatMap(({ InstanceTypes: list = [] }) => list.map(sizeOf)).map((type) => [type.name, type]),
    );
    for (const [name, type] of found) this.known.set(name, type);
    return found;
  }
}

function sizeOf(info: InstanceTypeInfo): InstanceTypeSize {
  return {
    name: info.InstanceType ?? '',
    cpuCount: info.VCpuInfo?.DefaultVCpus ?? 0,
    memoryMib: info.MemoryInfo?.SizeInMiB ?? 0,
    architectures: info.ProcessorInfo?.SupportedArchitectures ?? [],
  };
}

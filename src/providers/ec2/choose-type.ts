/** An instance type as far as a VM's size goes. */
export interface InstanceTypeSize {
  /** For example `t3.small`. */
  readonly name: string;
  readonly cpuCount: number;
  readonly memoryMib: number;
  /** For example `x86_64`. */
  readonly architectures: readonly string[];
}

export interface LeastSize {
  readonly cpuCount: number;
  readonly memoryMib: number;
}

export function fits(type: LeastSize, least: LeastSize): boolean {
  return type.cpuCount >= least.cpuCount && type.memoryMib >= least.memoryMib;
}

/** The smallest type that has at least what is asked for, by processors and then by memory; null when none has. */
export function chooseType(
  types: readonly InstanceTypeSize[],
  least: LeastSize,
  architecture: string,
): InstanceTypeSize | null {
  const fitting = types.filter((type) => type.architectures.includes(architecture) && fits(type, least));
  return fitting.toSorted(bySize)[0] ?? null;
}

/** In the end by name, so that the choice is always the same. */
function bySize(one: InstanceTypeSize, other: InstanceTypeSize): number {
  return one.cpuCount - other.cpuCount || one.memoryMib - other.memoryMib || (one.name < other.name ? -1 : 1);
}

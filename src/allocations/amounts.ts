/** What is counted, in the order in which a refusal names it. */
export const RESOURCES = ['vms', 'cpuCount', 'memoryMib', 'storageGib', 'networks'] as const;
export type Resource = (typeof RESOURCES)[number];

/** So much of everything: whole numbers; memory in MiB, storage in GiB. */
export type Amounts = Readonly<Record<Resource, number>>;

/** A value for each resource. */
export function eachResource<Value>(
  valueOf: (resource: Resource) => Value,
): Readonly<Record<Resource, Value>> {
  return {
    vms: valueOf('vms'),
    cpuCount: valueOf('cpuCount'),
    memoryMib: valueOf('memoryMib'),
    storageGib: valueOf('storageGib'),
    networks: valueOf('networks'),
  };
}

/** What is named, and nothing of the rest. */
export function amountsOf(named: Partial<Amounts>): Amounts {
  return eachResource((resource) => named[resource] ?? 0);
}

export const NOTHING: Amounts = amountsOf({});

export function add(a: Amounts, b: Amounts): Amounts {
  return eachResource((resource) => a[resource] + b[resource]);
}

export function subtract(a: Amounts, b: Amounts): Amounts {
  return eachResource((resource) => a[resource] - b[resource]);
}

/** The larger of two, resource by resource. */
export function larger(a: Amounts, b: Amounts): Amounts {
  return eachResource((resource) => Math.max(a[resource], b[resource]));
}

export function equal(a: Amounts, b: Amounts): boolean {
  return RESOURCES.every((resource) => a[resource] === b[resource]);
}

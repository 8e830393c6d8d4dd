/**
 * What keeps a task from being lost or done twice, each of which a fault test may switch off: a harness has to show that
 * it notices when one is missing.
 */
export const PROTECTIONS = [
  /** A worker's writes carry its fence. */
  'fence',
  /** A worker looks at its own account of its lease right before it changes something outside. */
  'leaseCheck',
  /** A creation that is repeated waits until what the first try may have made is sure to be listed. */
  'grace',
  /** A creation that is repeated looks for what the first try made; on memory backends and on OpenStack. */
  'find',
  /** What a backend accepted is remembered and polled after a restart. */
  'checkpoint',
  /** What was begun is taken back after a failure or a cancellation. */
  'undo',
  /** Tasks on one object run one after another. */
  'lane',
] as const;
export type Protection = (typeof PROTECTIONS)[number];

const disabled = new Set<Protection>();

/** Switches protections off for the life of the process; only a configuration made for a fault test does so. */
export function disableProtections(names: readonly Protection[]): void {
  for (const name of names) disabled.add(name);
}

/** Whether a protection is on, as it is unless a fault test has switched it off. */
export function isProtected(name: Protection): boolean {
  return !disabled.has(name);
}

/** The methods of a provider that can be called, and measured. */
export const PROVIDER_METHODS = [
  'probe',
  'close',
  'resolveImage',
  'createVm',
  'locateVm',
  'getVm',
  'listVms',
  'startVm',
  'stopVm',
  'rebootVm',
  'suspendVm',
  'resumeVm',
  'resizeVm',
  'deleteVm',
  'readConsoleLog',
  'createNetwork',
  'locateNetwork',
  'listNetworks',
  'deleteNetwork',
  'pollOperation',
  'watch',
] as const;

export type ProviderMethod = (typeof PROVIDER_METHODS)[number];

/**
 * After how many milliseconds the guard gives a call up. Generous where a hypervisor works before it answers (copying a
 * disk, waiting for a guest to shut down, writing out its memory); a cloud that answers "accepted" is well within them.
 */
export const DEFAULT_CALL_TIMEOUTS_MS: Readonly<Record<Exclude<ProviderMethod, 'watch'>, number>> = {
  probe: 30_000,
  close: 10_000,
  resolveImage: 60_000,
  createVm: 600_000,
  locateVm: 60_000,
  getVm: 30_000,
  listVms: 60_000,
  startVm: 300_000,
  stopVm: 180_000,
  rebootVm: 180_000,
  suspendVm: 300_000,
  resumeVm: 300_000,
  resizeVm: 300_000,
  deleteVm: 180_000,
  readConsoleLog: 30_000,
  createNetwork: 60_000,
  locateNetwork: 60_000,
  listNetworks: 60_000,
  deleteNetwork: 60_000,
  pollOperation: 30_000,
};

/** The socket of the local libvirt daemon as distributions set it up. */
const LIBVIRT_SOCKET = '/run/libvirt/libvirt-sock';

/** Takes its time, so that there is progress to watch, and remembers its VMs over a restart. */
const DEMONSTRATION = {
  name: 'demo',
  kind: 'memory',
  location: 'INTERNAL',
  asynchronous: true,
  operationMs: 2000,
  guestBootMs: 3000,
  stateFile: 'data/demo-backend.json',
};

/** A vCenter, for whoever has none at hand. */
const SIMULATED_VSPHERE = {
  name: 'vsphere-sim',
  kind: 'vsphere',
  location: 'INTERNAL',
  simulator: { vms: 20, stateFile: 'data/vsphere-sim.json' },
};

interface Surroundings {
  /** The kinds of provider that this gateway has. */
  readonly kinds: readonly string[];
  /** Those among them that it can simulate. */
  readonly simulated: readonly string[];
  readonly fileExists: (path: string) => boolean;
}

/**
 * The backends when none are configured: simulated ones, so that a first start needs no server; and the local libvirt
 * where there is one.
 */
export function defaultBackends({ kinds, simulated, fileExists }: Surroundings): readonly object[] {
  const backends: object[] = [DEMONSTRATION];
  if (kinds.includes('vsphere') && simulated.includes('vsphere')) backends.push(SIMULATED_VSPHERE);
  if (kinds.includes('libvirt') && fileExists(LIBVIRT_SOCKET)) {
    const uri = `qemu+unix:///system?socket=${LIBVIRT_SOCKET}`;
    backends.push({ name: 'local', kind: 'libvirt', location: 'INTERNAL', uri });
  }
  return backends;
}

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

/** A cloud of one's own and two rented ones, for whoever has none at hand. They tell soon what they did. */
const SIMULATED = [
  {
    name: 'vsphere-sim',
    kind: 'vsphere',
    location: 'INTERNAL',
    simulator: { vms: 20, stateFile: 'data/vsphere-sim.json' },
  },
  {
    name: 'openstack-sim',
    kind: 'openstack',
    location: 'EXTERNAL',
    pollIntervalMs: 1000,
    listingLagMs: 1000,
    simulator: { stateFile: 'data/openstack-sim.json' },
  },
  {
    name: 'ec2-sim',
    kind: 'ec2',
    location: 'EXTERNAL',
    pollIntervalMs: 1000,
    listingLagMs: 1000,
    simulator: { stateFile: 'data/ec2-sim.json' },
  },
];

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
  backends.push(...SIMULATED.filter(({ kind }) => kinds.includes(kind) && simulated.includes(kind)));
  if (kinds.includes('libvirt') && fileExists(LIBVIRT_SOCKET)) {
    const uri = `qemu+unix:///system?socket=${LIBVIRT_SOCKET}`;
    backends.push({ name: 'local', kind: 'libvirt', location: 'INTERNAL', uri });
  }
  return backends;
}

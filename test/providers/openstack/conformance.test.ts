import { describeProvider } from '../../conformance';
import { openstackHarness } from './harness';
import type { OpenStackHarnessOptions } from './harness';
import { startSimulator } from './simulator';

const simulated = {
  start: () => startSimulator(),
  faults: ['loseNextReply', 'setUnavailable', 'destroyBehindBack', 'powerOffBehindBack', 'renameBehindBack'],
  pollIntervalMs: 100,
  largeImageRef: 'debian-12',
  timeoutMs: 20_000,
} as const satisfies Omit<OpenStackHarnessOptions, 'name'>;

describeProvider(openstackHarness({ name: 'OpenStack, against the simulator', ...simulated }));

describeProvider(
  openstackHarness({
    name: 'OpenStack whose listings lag, against the simulator',
    ...simulated,
    start: () => startSimulator({ lagMs: 200 }),
    listingLagMs: 300,
  }),
  ['vm-creation', 'vm-deletion', 'operations', 'ownership'],
);

describeProvider(
  openstackHarness({
    name: 'OpenStack with floating IPs, against the simulator',
    ...simulated,
    config: { floatingIps: true },
  }),
  ['vm-creation', 'vm-deletion', 'networks', 'operations'],
);

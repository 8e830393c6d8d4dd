import { describeProvider } from '../../conformance';
import { openstackHarness } from './harness';
import { SIMULATED, startSimulator } from './simulator';

describeProvider(
  openstackHarness({
    name: 'OpenStack whose listings lag, against the simulator',
    ...SIMULATED,
    start: () => startSimulator({ lagMs: 200 }),
    listingLagMs: 300,
  }),
  ['vm-creation', 'vm-deletion', 'operations', 'ownership'],
);

describeProvider(
  openstackHarness({
    name: 'OpenStack with floating IPs, against the simulator',
    ...SIMULATED,
    config: { floatingIps: true },
  }),
  ['vm-creation', 'vm-deletion', 'networks', 'operations'],
);

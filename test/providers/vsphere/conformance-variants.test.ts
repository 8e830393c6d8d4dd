import { describeProvider } from '../../conformance';
import { VSPHERE_CAPABILITIES, vsphereHarness } from './harness';
import { startSimulator } from './simulator';

// All of the suite passes with them against vcsim; here it is what touches networks.
describeProvider(
  vsphereHarness({
    name: 'vSphere with standard switches, against the simulator',
    start: () => startSimulator(),
    config: { networkSwitch: 'standard' },
    timeoutMs: 10_000,
  }),
  ['networks', 'vm-creation', 'ownership'],
);

describeProvider(
  vsphereHarness({
    name: 'vSphere with a segment of the provider’s own, against the simulator',
    start: () => startSimulator(),
    config: { bridgedVlan: 7 },
    capabilities: {
      ...VSPHERE_CAPABILITIES,
      network: { modes: ['ISOLATED', 'BRIDGED'], overlappingCidrs: true, maxPerVm: null },
    },
    timeoutMs: 10_000,
  }),
  ['capability-manifest', 'networks'],
);

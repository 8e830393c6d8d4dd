import { describeProvider } from '../conformance';
import { vsphereHarness } from './vsphere-harness';
import { startSimulator } from './vsphere-simulator';

describeProvider(
  vsphereHarness({
    name: 'vSphere, against the simulator',
    start: () => startSimulator(),
    timeoutMs: 10_000,
  }),
);

describeProvider(
  vsphereHarness({
    name: 'vSphere with standard switches, against the simulator',
    start: () => startSimulator(),
    config: { networkSwitch: 'standard' },
    timeoutMs: 10_000,
  }),
);

import { describeProvider } from '../../conformance';
import { vsphereHarness } from './harness';
import { startSimulator } from './simulator';

describeProvider(
  vsphereHarness({
    name: 'vSphere, against the simulator',
    start: () => startSimulator(),
    timeoutMs: 10_000,
  }),
);

import { describeProvider } from '../../conformance';
import { openstackHarness } from './harness';
import { SIMULATED } from './simulator';

describeProvider(openstackHarness({ name: 'OpenStack, against the simulator', ...SIMULATED }));

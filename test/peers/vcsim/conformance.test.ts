import { describeProvider } from '../../conformance';
import { vsphereHarness } from '../../providers/vsphere-harness';
import { startVcsim } from '../support/vcsim-server';

describeProvider(
  vsphereHarness({ name: 'vSphere, against vcsim', start: () => startVcsim(), timeoutMs: 20_000 }),
);

describeProvider(
  vsphereHarness({
    name: 'vSphere with standard switches, against vcsim',
    start: () => startVcsim(),
    config: { networkSwitch: 'standard' },
    timeoutMs: 20_000,
  }),
);

import { describeProvider } from '../../conformance';
import { vsphereHarness } from '../../providers/vsphere/harness';
import { startVcsim } from '../support/vcsim-server';

const vcsim = {
  start: () => startVcsim(),
  // It does not count the VMs of a network that were plugged in by a reconfiguration.
  deletesUsedNetworks: true,
  timeoutMs: 20_000,
};

describeProvider(vsphereHarness({ name: 'vSphere, against vcsim', ...vcsim }));

describeProvider(
  vsphereHarness({
    name: 'vSphere with standard switches, against vcsim',
    config: { networkSwitch: 'standard' },
    ...vcsim,
  }),
);

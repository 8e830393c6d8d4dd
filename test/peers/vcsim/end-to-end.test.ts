import { describeVsphereFlow } from '../../providers/vsphere/flow';
import { startVcsim } from '../support/vcsim-server';

jest.setTimeout(120_000);

describeVsphereFlow({
  name: 'GraphQL over vcsim',
  start: () => startVcsim({ vms: 100 }),
  // Its tasks end within the call that begins them.
  progressValues: 3,
  gracefulReboot: false,
});

import { describeProvider } from '../../conformance';
import { openstackHarness } from '../../providers/openstack/harness';
import { startRealCloud } from '../support/real-openstack';

describeProvider(
  openstackHarness({
    name: 'OpenStack, against Nova and Neutron themselves',
    start: () => startRealCloud(),
    faults: [
      'loseNextReply',
      'setUnavailable',
      'destroyBehindBack',
      'powerOffBehindBack',
      'renameBehindBack',
    ],
    pollIntervalMs: 500,
    largeImageRef: 'conformance-large',
    timeoutMs: 120_000,
  }),
);

import { describeBehaviour } from '../../providers/openstack/behaviour';
import { startRealCloud } from '../support/real-openstack';

describeBehaviour('against Nova and Neutron themselves', () => startRealCloud(), {
  timeoutMs: 120_000,
  pauses: true,
});

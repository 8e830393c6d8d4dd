import type { Capabilities } from '../contract';
import type { OpenStackConfig } from './config';

/** What Nova and Neutron can do; only how long a listing may lag depends on the cloud. */
export function capabilitiesOf({ listingLagMs }: Pick<OpenStackConfig, 'listingLagMs'>): Capabilities {
  return {
    vm: {
      // Nova asks the guest, and pulls the plug when its own time for that is over.
      gracefulStop: true,
      // Sizes are flavors.
      sizes: 'CATALOG',
      reboot: true,
      suspend: true,
      // Nova resizes a running server by stopping it, moving it and starting it again: that is not "runs on".
      resize: { cpu: 'WHEN_STOPPED', memory: 'WHEN_STOPPED', disk: 'WHEN_STOPPED' },
      guestCustomization: true,
      consoleLog: true,
    },
    // Each network is a segment of its own, and so is each router.
    network: { modes: ['ISOLATED', 'NAT'], overlappingCidrs: true, maxPerVm: null },
    // By a poll of what has changed, which all listeners share.
    watch: 'PUSH',
    listingLagMs,
  };
}

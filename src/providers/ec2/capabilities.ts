import type { Capabilities } from '../contract';
import type { Ec2Config } from './config';

/** What EC2 can do. How long its listings lag depends on whom we talk to. */
export function capabilitiesOf({ listingLagMs }: Ec2Config): Capabilities {
  return {
    vm: {
      gracefulStop: true,
      sizes: 'CATALOG',
      reboot: true,
      // Hibernation is the guest's own affair: prepared when it is made, with room for its memory on the disk.
      suspend: false,
      resize: { cpu: 'WHEN_STOPPED', memory: 'WHEN_STOPPED', disk: 'ANY_STATE' },
      guestCustomization: true,
      consoleLog: true,
    },
    network: {
      modes: ['ISOLATED', 'NAT'],
      overlappingCidrs: true,
      // A network is a VPC of its own, and the cards of one instance lie in one VPC.
      maxPerVm: 1,
    },
    watch: 'PUSH',
    listingLagMs,
  };
}

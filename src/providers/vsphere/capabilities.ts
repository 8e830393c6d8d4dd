import type { Capabilities } from '../contract';
import type { VsphereConfig } from './config';

/** What vSphere can do; only the modes of networks depend on how the backend is set up. */
export function capabilitiesOf({ bridgedVlan }: VsphereConfig): Capabilities {
  return {
    vm: {
      // Both ask the guest through VMware Tools.
      gracefulStop: true,
      sizes: 'ANY',
      reboot: true,
      suspend: true,
      // Hot add depends on the guest, its licence and how the image was made, so it is not promised.
      resize: { cpu: 'WHEN_STOPPED', memory: 'WHEN_STOPPED', disk: 'ANY_STATE' },
      guestCustomization: true,
      // A serial port into a file of the datastore would have to be read over another protocol.
      consoleLog: false,
    },
    // A port group is a segment without addresses: vSphere has neither NAT nor routing.
    network: {
      modes: bridgedVlan === undefined ? ['ISOLATED'] : ['ISOLATED', 'BRIDGED'],
      overlappingCidrs: true,
      maxPerVm: null,
    },
    watch: 'PUSH',
    // What a task has made is in the inventory.
    listingLagMs: 0,
  };
}

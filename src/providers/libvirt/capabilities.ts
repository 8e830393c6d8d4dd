import type { Capabilities } from '../contract';

/** True of every libvirt with QEMU that this provider can speak to. */
export const capabilities: Capabilities = {
  vm: {
    gracefulStop: true,
    sizes: 'ANY',
    reboot: true,
    suspend: true,
    // A guest sees new processors and memory only where it was prepared for them, so they wait for a stop.
    resize: { cpu: 'WHEN_STOPPED', memory: 'WHEN_STOPPED', disk: 'ANY_STATE' },
    guestCustomization: true,
    consoleLog: true,
  },
  // A segment of the provider's own network would have to be configured on the host first.
  network: { modes: ['ISOLATED', 'NAT', 'ROUTED'], overlappingCidrs: false, maxPerVm: null },
  watch: 'PUSH',
  // libvirt answers from its own memory: what was defined is listed.
  listingLagMs: 0,
};

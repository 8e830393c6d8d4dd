import type { Capabilities } from '../contract';
import type { MemoryConfig } from './config';

export function capabilitiesOf(config: MemoryConfig): Capabilities {
  const declared = config.capabilities;
  return {
    vm: {
      gracefulStop: declared.gracefulStop,
      sizes: 'ANY',
      reboot: declared.reboot,
      suspend: declared.suspend,
      resize: { cpu: declared.resizeCpu, memory: declared.resizeMemory, disk: declared.resizeDisk },
      guestCustomization: declared.guestCustomization,
      consoleLog: declared.consoleLog,
    },
    network: { modes: declared.networkModes, overlappingCidrs: declared.overlappingCidrs, maxPerVm: null },
    watch: declared.watch,
    listingLagMs: config.listingLagMs,
  };
}

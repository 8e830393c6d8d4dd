import { silentLogger } from '../../src/kernel';
import { guardProvider } from '../../src/providers/contract';
import type { Capabilities, HypervisorProvider } from '../../src/providers/contract';
import { createMemoryBackend } from '../../src/providers/memory';
import type { MemoryBackend, MemoryConfigInput } from '../../src/providers/memory';
import type { BackendFaults, ProviderHarness, RunningBackend } from '../conformance';

/** What the memory provider declares unless its configuration says otherwise. */
export const FULL_CAPABILITIES: Capabilities = {
  vm: {
    gracefulStop: true,
    sizes: 'ANY',
    reboot: true,
    suspend: true,
    resize: { cpu: 'ANY_STATE', memory: 'ANY_STATE', disk: 'ANY_STATE' },
    guestCustomization: true,
    consoleLog: true,
  },
  network: { modes: ['ISOLATED', 'NAT', 'BRIDGED', 'ROUTED'], overlappingCidrs: true, maxPerVm: null },
  watch: 'PUSH',
  listingLagMs: 0,
};

/** How the suite's connections are made; the suite's own test breaks them here. */
export type Connect = (backend: MemoryBackend) => HypervisorProvider;

const connectGuarded: Connect = (backend) => guardProvider(backend.connect(), { logger: silentLogger });

export function memoryHarness(
  name: string,
  config: MemoryConfigInput,
  capabilities: Capabilities = FULL_CAPABILITIES,
  connect: Connect = connectGuarded,
): ProviderHarness {
  return {
    name,
    capabilities,
    imageRef: 'tiny',
    imageMinDiskGib: 1,
    largeImageRef: 'large',
    cidrs: ['10.91.0.0/24', '10.92.0.0/24', '10.93.0.0/24', '10.94.0.0/24'],
    guest: { readyText: 'GUEST-READY', poweroffText: 'GUEST-POWEROFF' },
    faults: [
      'loseNextReply',
      'setUnavailable',
      'destroyBehindBack',
      'powerOffBehindBack',
      'renameBehindBack',
    ],
    timeoutMs: 10_000,
    start: async () => startBackend(config, connect),
  };
}

function startBackend(config: MemoryConfigInput, connect: Connect): RunningBackend {
  const images = [{ name: 'tiny' }, { name: 'large', minDiskGib: 3 }];
  const backend = createMemoryBackend({ images, ...config });
  return {
    connect: () => connect(backend),
    faults: faultsOf(backend),
    stop: async () => {
      backend.close();
    },
  };
}

export function faultsOf(backend: MemoryBackend): BackendFaults {
  return {
    loseNextReply: async (method) => {
      backend.loseNextReply(method);
    },
    setUnavailable: async (unavailable) => {
      backend.setUnavailable(unavailable);
    },
    destroyBehindBack: async (externalId) => {
      backend.destroy(externalId);
    },
    powerOffBehindBack: async (externalId) => {
      backend.powerOff(externalId);
    },
    renameBehindBack: async (externalId, name) => {
      backend.rename(externalId, name);
    },
  };
}

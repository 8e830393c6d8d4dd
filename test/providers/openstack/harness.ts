import { silentLogger } from '../../../src/kernel';
import { RequestGate } from '../../../src/providers/contract';
import type { Capabilities } from '../../../src/providers/contract';
import { createProvider } from '../../../src/providers/registry';
import type { BackendFaults, FaultName, ProviderHarness, RunningBackend } from '../../conformance';
import { LostReplies } from '../../support/lost-replies';
import { OpenStackIntruder } from './intruder';
import type { OpenStackAccess } from './intruder';

export const OPENSTACK_CAPABILITIES: Capabilities = {
  vm: {
    gracefulStop: true,
    sizes: 'CATALOG',
    reboot: true,
    suspend: true,
    resize: { cpu: 'WHEN_STOPPED', memory: 'WHEN_STOPPED', disk: 'WHEN_STOPPED' },
    guestCustomization: true,
    consoleLog: true,
  },
  network: { modes: ['ISOLATED', 'NAT'], overlappingCidrs: true, maxPerVm: null },
  watch: 'PUSH',
  listingLagMs: 0,
};

/** A cloud that is up. */
export interface OpenStackServer extends OpenStackAccess {
  /** The way of other clients, where it is another one. */
  readonly directly?: OpenStackAccess;
  /** Left out where the way to it cannot be cut. */
  readonly setUnavailable?: (unavailable: boolean) => Promise<void>;
  stop(): Promise<void>;
}

export interface OpenStackHarnessOptions {
  readonly name: string;
  readonly start: () => Promise<OpenStackServer>;
  /** Keys of the backend's configuration besides those of the access. */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly faults: readonly FaultName[];
  readonly pollIntervalMs: number;
  readonly listingLagMs?: number;
  /** Whose `min_disk` is 2 or more. */
  readonly largeImageRef: string;
  readonly timeoutMs: number;
}

/** Puts the provider to the suite, with a second client that acts behind its back. */
export function openstackHarness(options: OpenStackHarnessOptions): ProviderHarness {
  const { name, largeImageRef, faults, timeoutMs, listingLagMs = 0 } = options;
  return {
    name,
    capabilities: { ...OPENSTACK_CAPABILITIES, listingLagMs },
    imageRef: 'cirros',
    imageMinDiskGib: 1,
    largeImageRef,
    size: { cpuCount: 1, memoryMib: 512, diskGib: 1 },
    cidrs: ['10.91.0.0/24', '10.92.0.0/24', '10.93.0.0/24', '10.94.0.0/24'],
    // Nothing boots behind the API.
    guest: null,
    faults,
    timeoutMs,
    start: () => startBackend(options),
  };
}

async function startBackend(options: OpenStackHarnessOptions): Promise<RunningBackend> {
  const { config, pollIntervalMs, listingLagMs = 0 } = options;
  const server = await options.start();
  const { authUrl, username, password, project, domain } = server;
  const access = { authUrl, username, password, project, domain };
  const intruder = new OpenStackIntruder(server.directly ?? access);
  const replies = new LostReplies();
  const faults: BackendFaults = {
    loseNextReply: async (method) => {
      replies.next(method);
    },
    setUnavailable: async (unavailable) => {
      await server.setUnavailable?.(unavailable);
      // A poll tells of an outage only when it falls into it.
      if (unavailable) await new Promise((resolve) => setTimeout(resolve, 3 * pollIntervalMs));
    },
    destroyBehindBack: (id) => intruder.destroy(id),
    powerOffBehindBack: (id) => intruder.powerOff(id),
    renameBehindBack: (id, name) => intruder.rename(id, name),
  };
  const environment = { backendName: 'conformance', logger: silentLogger, requests: new RequestGate() };
  const settings = { ...access, pollIntervalMs, listingLagMs, ...config };
  return {
    connect: () => replies.losing(createProvider('openstack', settings, environment)),
    faults,
    stop: () => server.stop(),
  };
}

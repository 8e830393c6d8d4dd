import { silentLogger } from '../../../src/kernel';
import type { Capabilities } from '../../../src/providers/contract';
import { createProvider } from '../../../src/providers/registry';
import { VimClient } from '../../../src/providers/vsphere/client';
import type { BackendFaults, ProviderHarness, RunningBackend } from '../../conformance';
import { LostReplies } from '../../support/lost-replies';
import { VsphereIntruder } from './intruder';
import { RequestGate } from '../../../src/providers/contract';

export const VSPHERE_CAPABILITIES: Capabilities = {
  vm: {
    gracefulStop: true,
    sizes: 'ANY',
    reboot: true,
    suspend: true,
    resize: { cpu: 'WHEN_STOPPED', memory: 'WHEN_STOPPED', disk: 'ANY_STATE' },
    guestCustomization: true,
    consoleLog: false,
  },
  network: { modes: ['ISOLATED'], overlappingCidrs: true, maxPerVm: null },
  watch: 'PUSH',
  listingLagMs: 0,
};

/** How a client reaches a server. */
export interface VsphereAccess {
  readonly url: string;
  readonly username: string;
  readonly password: string;
}

/** A server that is up. */
export interface VsphereServer extends VsphereAccess {
  setUnavailable(unavailable: boolean): Promise<void>;
  stop(): Promise<void>;
}

export interface VsphereHarnessOptions {
  readonly name: string;
  readonly start: () => Promise<VsphereServer>;
  /** Keys of the backend's configuration besides those of the access. */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly capabilities?: Capabilities;
  /** True where the server does not say which VMs are on a network. */
  readonly deletesUsedNetworks?: boolean;
  readonly timeoutMs: number;
}

/** Prepares two templates by another client, and puts the provider to the suite. */
export function vsphereHarness(options: VsphereHarnessOptions): ProviderHarness {
  return {
    name: options.name,
    capabilities: options.capabilities ?? VSPHERE_CAPABILITIES,
    imageRef: 'conformance-tiny',
    imageMinDiskGib: 1,
    largeImageRef: 'conformance-large',
    cidrs: ['10.91.0.0/24', '10.92.0.0/24', '10.93.0.0/24', '10.94.0.0/24'],
    // Nothing boots behind the API, and the console cannot be read.
    guest: null,
    faults: [
      'loseNextReply',
      'setUnavailable',
      'destroyBehindBack',
      'powerOffBehindBack',
      'renameBehindBack',
    ],
    deletesUsedNetworks: options.deletesUsedNetworks ?? false,
    timeoutMs: options.timeoutMs,
    start: () => startBackend(options),
  };
}

async function startBackend({ start, config }: VsphereHarnessOptions): Promise<RunningBackend> {
  const server = await start();
  const { url, username, password } = server;
  const client = new VimClient({ url, username, password, callTimeoutMs: 10_000 });
  const intruder = new VsphereIntruder(client);
  const stop = async (): Promise<void> => {
    await client.close();
    await server.stop();
  };
  try {
    await intruder.makeTemplate('conformance-tiny', 1);
    await intruder.makeTemplate('conformance-large', 3);
  } catch (error) {
    await stop();
    throw error;
  }
  const replies = new LostReplies();
  const faults: Partial<BackendFaults> = {
    loseNextReply: async (method) => {
      replies.next(method);
    },
    setUnavailable: (unavailable) => server.setUnavailable(unavailable),
    destroyBehindBack: (vm) => intruder.destroy(vm),
    powerOffBehindBack: (vm) => intruder.powerOff(vm),
    renameBehindBack: (vm, name) => intruder.rename(vm, name),
  };
  const environment = { backendName: 'conformance', logger: silentLogger, requests: new RequestGate() };
  const settings = { url, username, password, callTimeoutMs: 10_000, ...config };
  return {
    connect: () => replies.losing(createProvider('vsphere', settings, environment)),
    faults,
    stop,
  };
}

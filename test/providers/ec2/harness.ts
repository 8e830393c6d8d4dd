import type { z } from 'zod';
import { silentLogger } from '../../../src/kernel';
import type { Logger } from '../../../src/kernel';
import { RequestGate } from '../../../src/providers/contract';
import type { Capabilities, HypervisorProvider } from '../../../src/providers/contract';
import { createProvider } from '../../../src/providers/registry';
import type { optionsSchema } from '../../../src/simulators/ec2/options';
import type { Ec2Simulator } from '../../../src/simulators/ec2/start';
import type { BackendFaults, ProviderHarness, RunningBackend } from '../../conformance';
import { pause } from '../../conformance/pause';
import { LostReplies } from '../../support/lost-replies';
import { imageNamed, startSimulator } from './simulator';

export const EC2_CAPABILITIES: Capabilities = {
  vm: {
    gracefulStop: true,
    sizes: 'CATALOG',
    reboot: true,
    suspend: false,
    resize: { cpu: 'WHEN_STOPPED', memory: 'WHEN_STOPPED', disk: 'ANY_STATE' },
    guestCustomization: true,
    consoleLog: true,
  },
  network: { modes: ['ISOLATED', 'NAT'], overlappingCidrs: true, maxPerVm: 1 },
  watch: 'PUSH',
  listingLagMs: 0,
};

interface Ec2HarnessOptions {
  readonly name: string;
  readonly simulator?: z.input<typeof optionsSchema>;
  /** Keys of the backend's configuration besides those of the access. */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly listingLagMs?: number;
  readonly timeoutMs: number;
}

/** Puts the provider to the suite, against the simulator. */
export function ec2Harness(options: Ec2HarnessOptions): ProviderHarness {
  const { name, listingLagMs = 0, timeoutMs } = options;
  return {
    name,
    capabilities: { ...EC2_CAPABILITIES, listingLagMs },
    imageRef: imageNamed('tiny-1.0-x86_64'),
    imageMinDiskGib: 1,
    largeImageRef: imageNamed('debian-12-amd64-20260101-1978'),
    cidrs: ['10.91.0.0/24', '10.92.0.0/24', '10.93.0.0/24', '10.94.0.0/24'],
    // The simulated console shows the last boot alone, so that boots cannot be counted.
    guest: null,
    faults: [
      'loseNextReply',
      'setUnavailable',
      'destroyBehindBack',
      'powerOffBehindBack',
      'renameBehindBack',
    ],
    timeoutMs,
    start: () => startBackend(options),
  };
}

async function startBackend({
  simulator: given,
  config,
  listingLagMs,
}: Ec2HarnessOptions): Promise<RunningBackend> {
  const simulator = await startSimulator(given);
  const replies = new LostReplies();
  const feeds = new Feeds();
  const environment = { backendName: 'conformance', logger: feeds.logger, requests: new RequestGate() };
  const settings = {
    ...simulator.connection,
    pollIntervalMs: 20,
    listingLagMs: listingLagMs ?? 0,
    callTimeoutMs: 10_000,
    maxAttempts: 3,
    ...config,
  };
  return {
    connect: () => feeds.counted(replies.losing(createProvider('ec2', settings, environment))),
    faults: faultsOf(simulator, replies, feeds, given?.lagMs ?? 0),
    stop: () => simulator.close(),
  };
}

function faultsOf(simulator: Ec2Simulator, replies: LostReplies, feeds: Feeds, lagMs: number): BackendFaults {
  const { control } = simulator;
  const until = async (id: string, state: string): Promise<void> => {
    while (control.instances().some((one) => one.id === id && one.state !== state)) await pause(5);
    // Until readers see it.
    await pause(lagMs);
  };
  return {
    loseNextReply: async (method) => {
      replies.next(method);
    },
    setUnavailable: async (unavailable) => {
      simulator.refuseConnections(unavailable);
      if (unavailable) await feeds.noticed();
    },
    destroyBehindBack: async (id) => {
      control.terminateBehindBack(id);
      await until(id, 'terminated');
    },
    powerOffBehindBack: async (id) => {
      control.stopBehindBack(id);
      await until(id, 'stopped');
    },
    renameBehindBack: async (id, name) => {
      control.renameBehindBack(id, name);
    },
  };
}

/** An outage between two looks at the backend would not be one to a feed that polls: it is waited for until it is noticed. */
class Feeds {
  private watching = 0;
  private interruptions = 0;

  readonly logger: Logger = {
    ...silentLogger,
    child: () => this.logger,
    warn: () => {
      this.interruptions += 1;
    },
  };

  counted(provider: HypervisorProvider): HypervisorProvider {
    const watch: HypervisorProvider['watch'] = async (listener, signal) => {
      this.watching += 1;
      try {
        await provider.watch(listener, signal);
      } finally {
        this.watching -= 1;
      }
    };
    return new Proxy(provider, {
      get: (target, name) => (name === 'watch' ? watch : (Reflect.get(target, name) as unknown)),
    });
  }

  async noticed(): Promise<void> {
    const before = this.interruptions;
    while (this.watching > 0 && this.interruptions === before) await pause(5);
  }
}

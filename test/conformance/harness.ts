import type { Capabilities, HypervisorProvider, ProviderMethod } from '../../src/providers/contract';

/** Where a real guest boots: how to see on its console what it does. */
export interface GuestTraits {
  /** On the console once for each time that the guest has booted. */
  readonly readyText: string;
  /** On the console when the guest shuts down by itself; left out where it does not say. */
  readonly poweroffText?: string;
}

/** What a harness does to its backend behind the provider's back. */
export interface BackendFaults {
  /** The next call of `method` is executed, and its reply never arrives. */
  readonly loseNextReply: (method: ProviderMethod) => Promise<void>;
  /** Whether the backend can be reached. */
  readonly setUnavailable: (unavailable: boolean) => Promise<void>;
  readonly destroyBehindBack: (externalId: string) => Promise<void>;
  readonly powerOffBehindBack: (externalId: string) => Promise<void>;
  /** Gives a VM another name, as an administrator does where the backend lets them. */
  readonly renameBehindBack: (externalId: string, name: string) => Promise<void>;
}

export type FaultName = keyof BackendFaults;

/** A backend that is up. */
export interface RunningBackend {
  /** A new guarded provider onto the same backend, as another gateway process has it. */
  readonly connect: () => HypervisorProvider;
  /** One function for each name in the harness's `faults`. */
  readonly faults?: Partial<BackendFaults>;
  /** Takes the backend down; every provider is closed already. */
  readonly stop: () => Promise<void>;
}

/** What the suite has to know about one provider. */
export interface ProviderHarness {
  readonly name: string;
  /** What the provider is to declare. Told ahead of the start, because it decides which cases there are. */
  readonly capabilities: Capabilities;
  /** An image that the backend has, as an administrator writes it. */
  readonly imageRef: string;
  /** The `minDiskGib` that it is to resolve to. */
  readonly imageMinDiskGib: number;
  /** An image whose `minDiskGib` is 2 or more, where there is one. */
  readonly largeImageRef?: string;
  /** Four or more prefixes that do not overlap and that networks can be made of. */
  readonly cidrs: readonly string[];
  /** The smallest VM worth making; 1 CPU, 128 MiB and the image's disk when left out. */
  readonly size?: { readonly cpuCount: number; readonly memoryMib: number; readonly diskGib: number };
  /** Null where no guest boots. */
  readonly guest: GuestTraits | null;
  readonly faults?: readonly FaultName[];
  /** True where the backend itself does not know which VMs are on a network, so that a used one can be deleted. */
  readonly deletesUsedNetworks?: boolean;
  /** For one case, in milliseconds, waiting for guests to boot included. */
  readonly timeoutMs: number;
  start(): Promise<RunningBackend>;
}

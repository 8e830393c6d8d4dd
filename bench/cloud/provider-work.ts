import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { silentLogger } from '../../src/kernel';
import { RequestGate, unwatchedCall } from '../../src/providers/contract';
import type {
  HypervisorProvider,
  Marker,
  Outcome,
  VmObservation,
  VmSpec,
} from '../../src/providers/contract';
import { createProvider } from '../../src/providers/registry';
import type { Cloud } from './servers';

/** The smallest that each simulator has. */
const IMAGES = { ec2: 'ami-ecebcf8cb87bb762f', openstack: 'cirros' } as const;
const INSTALLATION = 'ins_bench';
const { signal } = new AbortController();
// Every call under way listens.
setMaxListeners(0, signal);
const context = unwatchedCall(signal, silentLogger);

export interface Rate {
  readonly count: number;
  readonly wallMs: number;
  readonly cpuMs: number;
}

export function connect({ kind, connection }: Cloud): HypervisorProvider {
  const environment = { backendName: 'bench', logger: silentLogger, requests: new RequestGate() };
  return createProvider(kind, { ...connection, pollIntervalMs: 1000, listingLagMs: 0 }, environment);
}

function newMarker(): Marker {
  const of = (prefix: string): string => `${prefix}_${randomUUID()}`;
  return { installationId: INSTALLATION, tenantId: 'ten_bench', objectId: of('vm'), operationId: of('tsk') };
}

async function settle<T>(provider: HypervisorProvider, mutate: () => Promise<Outcome<T>>): Promise<T> {
  for (;;) {
    const outcome = await mutate();
    if (outcome.state === 'DONE') return outcome.value;
    await sleep(outcome.pollAfterMs);
    for (;;) {
      const progress = await provider.pollOperation<T>(outcome.operation, context);
      if (progress.state === 'DONE') return progress.value;
      if (progress.state === 'FAILED') throw progress.error;
      if (progress.state !== 'RUNNING') break;
      await sleep(progress.pollAfterMs);
    }
  }
}

async function measured(count: number, work: () => Promise<unknown>): Promise<Rate> {
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  await work();
  const { user, system } = process.cpuUsage(cpu);
  return { count, wallMs: performance.now() - startedAt, cpuMs: (user + system) / 1_000 };
}

/** From the call to the running VM; the simulator's own times are as short as they can be set. */
export async function measureCreations(
  provider: HypervisorProvider,
  { kind }: Cloud,
  count: number,
  atOnce: number,
): Promise<Rate> {
  const image = await provider.resolveImage(IMAGES[kind], context);
  if (!image) throw new Error(`The simulated ${kind} has no image to measure with.`);
  const spec = (): VmSpec => ({
    ...{ marker: newMarker(), name: 'bench', hostname: 'bench', cpuCount: 1, memoryMib: 512 },
    ...{ diskGib: image.minDiskGib, imageExternalId: image.externalId, networks: [] },
    ...{ userData: null, sshKeys: [], labels: {} },
  });
  let left = count;
  const worker = async (): Promise<void> => {
    while (left-- > 0) {
      const one = spec();
      await settle<VmObservation>(provider, () => provider.createVm(one, context));
    }
  };
  return measured(count, () => Promise.all(Array.from({ length: atOnce }, worker)));
}

/** All pages of all VMs, again and again. */
export async function measureListings(
  provider: HypervisorProvider,
  times: number,
): Promise<Rate & { vms: number }> {
  let vms = 0;
  const rate = await measured(times, async () => {
    for (let round = 0; round < times; round += 1) {
      vms = 0;
      for (let pageToken: string | null = null, more = true; more; more = pageToken !== null) {
        const page = await provider.listVms({ installationId: INSTALLATION, pageToken }, context);
        vms += page.items.length;
        pageToken = page.nextPageToken;
      }
    }
  });
  return { ...rate, vms };
}

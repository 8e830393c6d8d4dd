import { VimClient } from '../../src/providers/vsphere/client';
import type { MoRef } from '../../src/providers/vsphere/client';
import { VMS } from './servers';
import type { Server } from './servers';

/** What a list of VMs shows. */
export const PATHS = [
  'name',
  'config.uuid',
  'config.instanceUuid',
  'config.hardware.numCPU',
  'config.hardware.memoryMB',
  'runtime.powerState',
  'runtime.host',
] as const;

const ROUNDS = 5;
const READS = 2_000;
const SAMPLE_MS = 5;

export interface Pull {
  readonly wallMs: number;
  /** Of the client's process, user and system. */
  readonly cpuMs: number;
  /** How far the resident memory of the client's process rises above what it was before. */
  readonly peakMib: number;
}

export interface Reads {
  readonly concurrency: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export function openClient({ url, username, password }: Server): VimClient {
  return new VimClient({ url, username, password, callTimeoutMs: 60_000 });
}

/** The references first, then the properties of all of them: as the provider lists. The best of the rounds. */
export async function pullAll(client: VimClient): Promise<Pull> {
  const { rootFolder } = await client.content();
  let best: Pull | null = null;
  for (let round = 0; round < ROUNDS; round += 1) {
    const pull = await measured(async () => {
      const refs = await client.listContained(rootFolder, 'VirtualMachine');
      const read = await client.readMany(refs, PATHS);
      if (read.size !== VMS) throw new Error(`read ${read.size} VMs`);
    });
    if (best === null || pull.wallMs < best.wallMs) best = pull;
  }
  return best!;
}

/** One view and one pass over its pages, which vCenter and our simulator cut at 100 VMs unless asked otherwise. */
export async function pullPages(client: VimClient): Promise<Pull> {
  const { rootFolder } = await client.content();
  return measured(async () => {
    let count = 0;
    for await (const _vm of client.retrieveContained(rootFolder, 'VirtualMachine', PATHS)) count += 1;
    if (count !== VMS) throw new Error(`read ${count} VMs`);
  });
}

async function measured(work: () => Promise<void>): Promise<Pull> {
  globalThis.gc?.();
  const before = process.memoryUsage.rss();
  let peak = before;
  const sampler = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, SAMPLE_MS);
  const cpu = process.cpuUsage();
  const begun = performance.now();
  await work();
  const wallMs = performance.now() - begun;
  const { user, system } = process.cpuUsage(cpu);
  clearInterval(sampler);
  peak = Math.max(peak, process.memoryUsage.rss());
  return { wallMs, cpuMs: (user + system) / 1_000, peakMib: (peak - before) / 2 ** 20 };
}

export async function singleReads(client: VimClient, concurrency: number): Promise<Reads> {
  const { rootFolder } = await client.content();
  const [vm] = await client.listContained(rootFolder, 'VirtualMachine');
  await timedReads(client, vm!, concurrency, READS / 10);
  const times = await timedReads(client, vm!, concurrency, READS);
  times.sort((a, b) => a - b);
  return { concurrency, p50Ms: times[READS / 2]!, p99Ms: times[Math.floor(READS * 0.99)]! };
}

async function timedReads(
  client: VimClient,
  vm: MoRef<'VirtualMachine'>,
  concurrency: number,
  count: number,
): Promise<number[]> {
  const times: number[] = [];
  let begun = 0;
  const worker = async (): Promise<void> => {
    while (begun++ < count) {
      const start = performance.now();
      await client.read(vm, ['runtime.powerState']);
      times.push(performance.now() - start);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return times;
}

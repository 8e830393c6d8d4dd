import type { DomainRef } from '../../src/providers/libvirt/client';
import { DOMAIN_STATS, LibvirtClient } from '../../src/providers/libvirt/client';
import type { Rates } from './rivals';

const DEPTH = 64;

async function best(
  rounds: number,
  measure: () => Promise<number>,
  better: typeof Math.max,
): Promise<number> {
  const results: number[] = [];
  for (let round = 0; round < rounds; round += 1) results.push(await measure());
  return better(...results);
}

async function serialRate(client: LibvirtClient, domain: DomainRef, count: number): Promise<number> {
  const begun = performance.now();
  for (let index = 0; index < count; index += 1) await client.domains.getState(domain);
  return (count * 1_000) / (performance.now() - begun);
}

async function pipelinedRate(client: LibvirtClient, domain: DomainRef, count: number): Promise<number> {
  let begunCalls = 0;
  const worker = async (): Promise<void> => {
    while (begunCalls++ < count) await client.domains.getState(domain);
  };
  const begun = performance.now();
  await Promise.all(Array.from({ length: DEPTH }, worker));
  return (count * 1_000) / (performance.now() - begun);
}

async function duration(ask: () => Promise<readonly unknown[]>): Promise<number> {
  const begun = performance.now();
  const found = await ask();
  if (found.length !== 10_000) throw new Error(`found ${found.length} domains`);
  return performance.now() - begun;
}

/** The client of this repository, over one connection. */
export async function measureOwnClient(smallUri: string, largeUri: string): Promise<Rates> {
  const small = new LibvirtClient({ uri: smallUri, maxInFlight: DEPTH });
  const large = new LibvirtClient({ uri: largeUri });
  try {
    const [domain] = await small.domains.listAll();
    await pipelinedRate(small, domain!, 5_000);
    return {
      name: 'this client',
      serialPerSecond: await best(3, () => serialRate(small, domain!, 10_000), Math.max),
      pipelinedPerSecond: await best(3, () => pipelinedRate(small, domain!, 30_000), Math.max),
      listMs: await best(5, () => duration(() => large.domains.listAll()), Math.min),
      statsMs: await best(
        5,
        () => duration(() => large.domains.getAllStats({ stats: DOMAIN_STATS.STATE })),
        Math.min,
      ),
    };
  } finally {
    small.close();
    large.close();
  }
}

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface Rates {
  readonly name: string;
  /** One call after the other. */
  readonly serialPerSecond: number | null;
  /** 64 under way at once. */
  readonly pipelinedPerSecond: number | null;
  /** 10,000 domains: names, UUIDs and ids in one call. */
  readonly listMs: number | null;
  /** 10,000 domains: the state of each, in one call. */
  readonly statsMs: number | null;
}

const PYTHON = `
import json, sys, time, threading, libvirt
small, large = sys.argv[1], sys.argv[2]
connection = libvirt.open(small)
domain = connection.listAllDomains()[0]
def rate(count):
    begun = time.perf_counter()
    for _ in range(count): domain.state()
    return count / (time.perf_counter() - begun)
rate(2000)
serial = max(rate(10000) for _ in range(3))
def threaded(count, threads):
    begun = time.perf_counter()
    def work():
        for _ in range(count // threads): domain.state()
    workers = [threading.Thread(target=work) for _ in range(threads)]
    for worker in workers: worker.start()
    for worker in workers: worker.join()
    return count / (time.perf_counter() - begun)
pipelined = max(threaded(12800, 64) for _ in range(3))
many = libvirt.open(large)
def best(ask):
    times = []
    for _ in range(5):
        begun = time.perf_counter(); found = ask(); times.append((time.perf_counter() - begun) * 1000)
        assert len(found) == 10000, len(found)
    return min(times)
print(json.dumps({
    'serialPerSecond': serial, 'pipelinedPerSecond': pipelined,
    'listMs': best(lambda: [(d.name(), d.UUIDString(), d.ID()) for d in many.listAllDomains()]),
    'statsMs': best(lambda: many.getAllDomainStats(libvirt.VIR_DOMAIN_STATS_STATE)),
}))
`;

/** Debian's python3-libvirt: libvirt's own C library, with 64 threads where we pipeline. */
export async function measurePython(smallUri: string, largeUri: string): Promise<Rates> {
  const { stdout } = await run('/usr/bin/python3', ['-c', PYTHON, smallUri, largeUri]);
  return { name: 'python3-libvirt', ...(JSON.parse(stdout) as Omit<Rates, 'name'>) };
}

/** One process of virsh for each call. */
export async function measureVirsh(smallUri: string, largeUri: string): Promise<Rates> {
  const count = 40;
  const begun = performance.now();
  for (let index = 0; index < count; index += 1) await run('virsh', ['-c', smallUri, 'domstate', 'test']);
  const serialPerSecond = (count * 1_000) / (performance.now() - begun);
  const timed = async (args: readonly string[]): Promise<number> => {
    const start = performance.now();
    await run('virsh', ['-c', largeUri, ...args], { maxBuffer: 64 * 1024 * 1024 });
    return performance.now() - start;
  };
  const listMs = await timed(['list', '--all', '--name', '--uuid']);
  return {
    name: 'virsh',
    serialPerSecond,
    pipelinedPerSecond: null,
    listMs,
    statsMs: await timed(['domstats', '--state']),
  };
}

import { measureFreshness } from './freshness';
import { openClient, pullAll, pullPages, singleReads } from './own-client';
import type { Pull, Reads } from './own-client';
import { compareParsers, recordAnswer } from './parsers';
import { measurePyvmomi } from './pyvmomi';
import { VMS, startSimulator, startVcsim } from './servers';
import type { Server } from './servers';

/** vcsim looks at its whole inventory for every change. */
const FEW_VMS = 100;
const AIM = { wallMs: 1_200, parserMs: 200 };

/**
 * 10,000 VMs with seven properties each, single reads, the parser alone on the recorded bytes, and how soon a change
 * behind the gateway's back is told.
 */
export async function run(): Promise<void> {
  await withServer(
    () => startVcsim(),
    async (server) => {
      await compareClients(server);
      await compareOnBytes(server);
    },
  );
  await withServer(startSimulator, async (server) => {
    await compareClients(server);
    await showFreshness(server, VMS, 2_000);
  });
  await withServer(
    () => startVcsim(FEW_VMS),
    (server) => showFreshness(server, FEW_VMS, 5_000),
  );
}

async function withServer(
  start: () => Promise<Server>,
  work: (server: Server) => Promise<void>,
): Promise<void> {
  const server = await start();
  try {
    await work(server);
  } finally {
    await server.stop();
  }
}

async function compareClients(server: Server): Promise<void> {
  console.log(`\n${VMS} VMs of ${server.name} (aim against vcsim: ${AIM.wallMs} ms)`);
  console.log('| client | wall, ms | client CPU, ms | memory above idle, MiB |');
  console.log('| --- | ---: | ---: | ---: |');
  const client = openClient(server);
  try {
    printPull('this client, references and then four chunks at once', await pullAll(client));
    printPull('this client, one page after the other', await pullPages(client));
    const rival = await measurePyvmomi(server);
    printPull('python3-pyvmomi, pages of 1,000', rival.pull);
    console.log(`\none property of one VM of ${server.name}`);
    console.log('| client | at once | p50, ms | p99, ms |');
    console.log('| --- | ---: | ---: | ---: |');
    for (const concurrency of [1, 8]) printReads('this client', await singleReads(client, concurrency));
    printReads('python3-pyvmomi', rival.reads);
  } finally {
    await client.close();
  }
}

async function compareOnBytes(server: Server): Promise<void> {
  const bytes = await recordAnswer(server);
  const mib = (bytes.length / 2 ** 20).toFixed(1);
  console.log(`\nthe parser alone on ${mib} MiB of ${server.name} (aim: ${AIM.parserMs} ms)`);
  console.log('| parser | CPU, ms |');
  console.log('| --- | ---: |');
  for (const { name, cpuMs } of compareParsers(bytes, VMS)) console.log(`| ${name} | ${cpuMs.toFixed(0)} |`);
}

function printPull(name: string, { wallMs, cpuMs, peakMib }: Pull): void {
  console.log(`| ${name} | ${wallMs.toFixed(0)} | ${cpuMs.toFixed(0)} | ${peakMib.toFixed(0)} |`);
}

function printReads(name: string, { concurrency, p50Ms, p99Ms }: Reads): void {
  console.log(`| ${name} | ${concurrency} | ${p50Ms.toFixed(2)} | ${p99Ms.toFixed(2)} |`);
}

async function showFreshness(server: Server, vms: number, aimMs: number): Promise<void> {
  const times = await measureFreshness(server);
  const at = (share: number): string => times[Math.floor((times.length - 1) * share)]!.toFixed(0);
  console.log(`\na rename by another client of ${server.name} with ${vms} VMs, until vmEvents tells it`);
  console.log(`median ${at(0.5)} ms, worst of ${times.length} ${at(1)} ms (aim: ${aimMs} ms)`);
}

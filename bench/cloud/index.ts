import { measureFootprint } from './import-cost';
import type { Footprint } from './import-cost';
import { connect, measureCreations, measureListings } from './provider-work';
import { startCloud } from './servers';
import type { Cloud } from './servers';

const CREATIONS = 200;
const AT_ONCE = 16;
const LISTINGS = 20;
const RUNS = 3;

/** What the providers of the clouds get through, against our simulators; and what an EC2 backend costs at start. */
export async function run(): Promise<void> {
  console.log(
    `${CREATIONS} creations, ${AT_ONCE} at once, each to the running VM; then ${LISTINGS} listings of them`,
  );
  console.log(
    '| provider | creations/s | client CPU each, ms | VMs listed | listings/s | client CPU each, ms |',
  );
  console.log('| --- | ---: | ---: | ---: | ---: | ---: |');
  for (const kind of ['openstack', 'ec2'] as const) await showWork(kind);
  console.log('\na gateway without and with a backend of EC2, median of 3');
  console.log('| backends | ready after, ms | resident when idle, MiB |');
  console.log('| --- | ---: | ---: |');
  const ec2 = await startCloud('ec2', []);
  try {
    const memory = { name: 'lab', kind: 'memory', location: 'INTERNAL' };
    const cloud = { name: 'cloud', kind: 'ec2', location: 'EXTERNAL', ...ec2.connection };
    await showFootprint('memory', [memory]);
    await showFootprint('memory and ec2', [memory, cloud]);
  } finally {
    await ec2.stop();
  }
}

/** Work that takes no time on the cloud's side shows what the client needs. */
const QUICK: Readonly<Record<Cloud['kind'], readonly string[]>> = {
  ec2: ['--operation-ms', '10', '--boot-ms', '10'],
  openstack: ['--operation-ms', '10', '--quota', 'instances=1000,cores=2000,memory-mib=4000000'],
};

async function showWork(kind: Cloud['kind']): Promise<void> {
  const cloud = await startCloud(kind, QUICK[kind]);
  const provider = connect(cloud);
  try {
    const made = await measureCreations(provider, cloud, CREATIONS, AT_ONCE);
    const listed = await measureListings(provider, LISTINGS);
    const each = ({ count, wallMs, cpuMs }: typeof made): string =>
      `${((count * 1_000) / wallMs).toFixed(1)} | ${(cpuMs / count).toFixed(1)}`;
    console.log(`| ${kind} | ${each(made)} | ${listed.vms} | ${each(listed)} |`);
  } finally {
    await provider.close();
    await cloud.stop();
  }
}

async function showFootprint(name: string, backends: readonly object[]): Promise<void> {
  const runs: Footprint[] = [];
  for (let run = 0; run < RUNS; run += 1) runs.push(await measureFootprint(backends));
  const median = (key: keyof Footprint): string => {
    const sorted = runs.map((one) => one[key]).sort((a, b) => a - b);
    return sorted[Math.floor(RUNS / 2)]!.toFixed(0);
  };
  console.log(`| ${name} | ${median('readyMs')} | ${median('residentMib')} |`);
}

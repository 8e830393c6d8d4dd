import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PrivateLibvirtd } from '../../test/peers/support/libvirtd';
import { measureOwnClient } from './own-client';
import type { Rates } from './rivals';
import { measurePython, measureVirsh } from './rivals';

/** A host for libvirt's test driver, with so many domains. */
function testHostXml(domains: number): string {
  const domain = (index: number): string =>
    `<domain type='test'><name>vm${index}</name><memory>65536</memory><vcpu>1</vcpu><os><type>hvm</type></os></domain>`;
  return `<node>${Array.from({ length: domains }, (_, index) => domain(index)).join('\n')}</node>`;
}

const rounded = (value: number | null): string =>
  value === null ? '-' : value.toLocaleString('en', { maximumFractionDigits: value < 100 ? 1 : 0 });

function printTable(results: readonly Rates[]): void {
  console.log(
    '| client | serial calls/s | 64 at once, calls/s | list 10,000 domains, ms | states of 10,000, ms |',
  );
  console.log('| --- | ---: | ---: | ---: | ---: |');
  for (const { name, serialPerSecond, pipelinedPerSecond, listMs, statsMs } of results) {
    const cells = [serialPerSecond, pipelinedPerSecond, listMs, statsMs].map(rounded);
    console.log(`| ${[name, ...cells].join(' | ')} |`);
  }
}

/** Compares the clients against one private daemon; every figure is the best of its rounds. */
export async function run(): Promise<void> {
  const daemon = await PrivateLibvirtd.start();
  try {
    const hostFile = join(daemon.directory, 'host.xml');
    await writeFile(hostFile, testHostXml(10_000));
    const small = daemon.uri('test:///default');
    const large = daemon.uri(`test://${hostFile}`);
    const own = await measureOwnClient(small, large);
    printTable([own, await measurePython(small, large), await measureVirsh(small, large)]);
  } finally {
    await daemon.stop();
  }
}

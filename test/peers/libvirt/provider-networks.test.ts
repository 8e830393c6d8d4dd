import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { HypervisorProvider, NetworkMode, NetworkSpec } from '../../../src/providers/contract';
import {
  callContext,
  doneOf,
  IMAGE,
  networkSpec,
  ProviderStage,
  refOf,
  until,
  vmSpec,
} from '../support/libvirt-provider';

const run = promisify(execFile);

jest.setTimeout(120_000);

/** A machine beyond the hypervisor, which knows the way back to the routed network and to no other. */
const OUTSIDE = '192.0.2.2';

let stage: ProviderStage;
let provider: HypervisorProvider;
let outside: ChildProcess;

beforeAll(async () => {
  stage = await ProviderStage.open();
  provider = stage.provider();
  const sandbox = (await readFile(join(stage.daemon.directory, 'sandbox.pid'), 'utf8')).trim();
  outside = spawn('bash', ['-c', 'exec unshare --net sleep 300']);
  const isApart = async (): Promise<boolean> => {
    const namespaces = await Promise.all(
      [String(outside.pid), 'self'].map((pid) => run('readlink', [`/proc/${pid}/ns/net`])),
    );
    return namespaces[0]?.stdout !== namespaces[1]?.stdout;
  };
  await until(isApart, (apart) => apart);
  const inSandbox = (...command: string[]) => run('nsenter', ['-t', sandbox, '-n', ...command]);
  await inSandbox(
    'ip',
    'link',
    'add',
    'wan',
    'type',
    'veth',
    'peer',
    'name',
    'lan',
    'netns',
    String(outside.pid),
  );
  await inSandbox('ip', 'address', 'add', '192.0.2.1/24', 'dev', 'wan');
  await inSandbox('ip', 'link', 'set', 'wan', 'up');
  await inOutside('ip', 'address', 'add', `${OUTSIDE}/24`, 'dev', 'lan');
  await inOutside('ip', 'link', 'set', 'lan', 'up');
  await inOutside('ip', 'route', 'add', '10.94.0.0/16', 'via', '192.0.2.1');
});

afterAll(async () => {
  outside.kill();
  await stage.close();
});

function inOutside(...command: string[]): Promise<{ stdout: string }> {
  return run('nsenter', ['-t', String(outside.pid), '-n', ...command]);
}

/** Whether the machine outside gets through when it does know a way to every network. */
async function reaches(address: string): Promise<boolean> {
  const everywhere = ['10.0.0.0/8', 'via', '192.0.2.1'];
  await inOutside('ip', 'route', 'add', ...everywhere);
  const reached = await inOutside('busybox', 'ping', '-c', '1', '-W', '2', address).then(
    () => true,
    () => false,
  );
  await inOutside('ip', 'route', 'del', ...everywhere);
  return reached;
}

/** What a guest on a network of this mode can do: reach out, and be reached from outside. */
async function tryMode(mode: NetworkMode, cidr: string): Promise<{ out: boolean; in: boolean }> {
  const network: NetworkSpec = networkSpec({ mode, cidr });
  const { externalId } = await doneOf(provider.createNetwork(network, callContext()));
  const image = await provider.resolveImage(IMAGE, callContext());
  const spec = vmSpec({ imageExternalId: image?.externalId ?? '', networks: [{ externalId }] });
  const vm = await doneOf(provider.createVm(spec, callContext()));
  const ref = refOf(spec, vm.externalId);
  await doneOf(provider.startVm(ref, callContext()));
  const log = (): Promise<string> => provider.readConsoleLog(ref, 65_536, callContext());
  await until(log, (text) => text.includes('GUEST-READY'));
  const observed = await provider.getVm(ref, callContext());
  const address = observed?.nics[0]?.ipAddresses[0] ?? '';
  expect(await log()).toContain(`DHCP-OK eth0 ${address}`);

  const reached = await reaches(address);
  const console = await stage.client.domains.openConsole(
    await stage.client.domains.lookupByUuid(vm.externalId),
  );
  await console.write(
    Buffer.from(`\nping -c 1 -W 2 ${OUTSIDE} >/dev/null 2>&1 && echo reach''ed || echo miss''ed\n`),
  );
  const answer = await until(log, (text) => /reached|missed/.test(text));
  console.close();

  await doneOf(provider.deleteVm(ref, callContext()));
  await doneOf(provider.deleteNetwork({ externalId, marker: network.marker }, callContext()));
  return { out: answer.includes('reached'), in: reached };
}

it.each([
  ['ISOLATED', '10.96.0.0/24', { out: false, in: false }],
  ['NAT', '10.95.0.0/24', { out: true, in: false }],
  ['ROUTED', '10.94.7.0/24', { out: true, in: true }],
] as const)('%s does what it says', async (mode, cidr, expected) => {
  expect(await tryMode(mode, cidr)).toEqual(expected);
  expect(await stage.leftovers()).toEqual([]);
});

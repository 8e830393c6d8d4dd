import type { BackendEvent, HypervisorProvider, VmObservation } from '../../../src/providers/contract';
import {
  callContext,
  codeOf,
  doneOf,
  networkSpec,
  ProviderStage,
  refOf,
  until,
  vmSpec,
  IMAGE,
  INSTALLATION,
} from '../support/libvirt-provider';

jest.setTimeout(180_000);

let stage: ProviderStage;
let provider: HypervisorProvider;

beforeAll(async () => {
  stage = await ProviderStage.open();
  provider = stage.provider();
});

afterAll(async () => {
  await stage.close();
});

async function imageExternalId(): Promise<string> {
  const image = await provider.resolveImage(IMAGE, callContext());
  if (image === null) throw new Error('the image is not there');
  return image.externalId;
}

describe('the life of a VM', () => {
  it('boots, gets an address, stops, suspends, resumes, reboots, grows and leaves nothing behind', async () => {
    const events: BackendEvent[] = [];
    const watching = new AbortController();
    const watch = provider.watch((event) => events.push(event), watching.signal);
    await until(
      () => events.length,
      (count) => count > 0,
    );
    expect(events[0]).toEqual({ type: 'RESYNC' });

    const network = networkSpec();
    const net = await doneOf(provider.createNetwork(network, callContext()));
    expect(net).toMatchObject({ name: 'back end', active: true, marker: network.marker });

    const spec = vmSpec({
      imageExternalId: await imageExternalId(),
      networks: [{ externalId: net.externalId }],
      userData: '#cloud-config\n{}\n',
      sshKeys: ['ssh-ed25519 AAAA me'],
    });
    const context = callContext();
    const created = await doneOf(provider.createVm(spec, context));
    expect(new Set(context.progress.map(({ percent }) => percent)).size).toBeGreaterThanOrEqual(5);
    expect(created).toMatchObject({
      marker: spec.marker,
      name: spec.name,
      powerState: 'POWERED_OFF',
      cpuCount: 1,
      memoryMib: 128,
      diskGib: 1,
      nics: [{ networkExternalId: net.externalId, ipAddresses: [] }],
    });
    expect(created.nics[0]?.macAddress).toMatch(/^52:54:00(:[0-9a-f]{2}){3}$/);
    const ref = refOf(spec, created.externalId);
    const log = (): Promise<string> => provider.readConsoleLog(ref, 65_536, callContext());
    const count = async (text: string): Promise<number> => (await log()).split(text).length - 1;

    expect(await doneOf(provider.startVm(ref, callContext()))).toMatchObject({ powerState: 'POWERED_ON' });
    await until(
      () => count('GUEST-READY'),
      (times) => times === 1,
    );
    // 1 GiB is 2,097,152 sectors: the clone is as large as it was asked for.
    expect(await log()).toContain('DISK vda sectors=2097152');
    const address = /DHCP-OK eth0 (\S+)/.exec(await log())?.[1];
    expect(address).toMatch(/^10\.91\.0\.\d+$/);
    expect((await provider.getVm(ref, callContext()))?.nics[0]?.ipAddresses).toEqual([address]);
    // Told without anybody asking.
    await until(
      () => events,
      (all) => all.some((event) => addressesIn(event).includes(String(address))),
    );

    expect(await doneOf(provider.stopVm(ref, 'GRACEFUL', callContext()))).toMatchObject({
      powerState: 'POWERED_OFF',
    });
    expect(await count('GUEST-POWEROFF')).toBe(1);
    expect(await doneOf(provider.stopVm(ref, 'GRACEFUL', callContext()))).toMatchObject({
      powerState: 'POWERED_OFF',
    });

    await resizeStopped(ref);
    await doneOf(provider.startVm(ref, callContext()));
    await until(
      () => count('GUEST-READY'),
      (times) => times === 2,
    );
    expect(await log()).toContain('cpus=2');
    expect(await codeOf(provider.resizeVm(ref, { cpuCount: 1 }, callContext()))).toBe('FAILED_PRECONDITION');
    expect(await codeOf(provider.resizeVm(ref, { memoryMib: 128, diskGib: 5 }, callContext()))).toBe(
      'FAILED_PRECONDITION',
    );
    expect(await doneOf(provider.resizeVm(ref, { diskGib: 3 }, callContext()))).toMatchObject({ diskGib: 3 });

    await suspendAndResume(ref);
    expect(await count('GUEST-READY')).toBe(2);

    expect(await doneOf(provider.rebootVm(ref, 'GRACEFUL', callContext()))).toMatchObject({
      powerState: 'POWERED_ON',
    });
    await until(
      () => count('GUEST-READY'),
      (times) => times === 3,
    );
    expect(await count('GUEST-POWEROFF')).toBe(2);
    await doneOf(provider.rebootVm(ref, 'FORCED', callContext()));
    await until(
      () => count('GUEST-READY'),
      (times) => times === 4,
    );
    expect(await count('GUEST-POWEROFF')).toBe(2);
    expect(await log()).toContain('DISK vda sectors=6291456');
    expect((await provider.readConsoleLog(ref, 10, callContext())).length).toBeLessThanOrEqual(10);

    expect(
      await codeOf(
        provider.deleteNetwork({ externalId: net.externalId, marker: network.marker }, callContext()),
      ),
    ).toBe('FAILED_PRECONDITION');
    await doneOf(provider.deleteVm(ref, callContext()));
    await doneOf(provider.deleteVm(ref, callContext()));
    expect(await provider.getVm(ref, callContext())).toBeNull();
    expect(await codeOf(provider.startVm(ref, callContext()))).toBe('NOT_FOUND');
    await until(
      () => events,
      (all) => all.some((event) => event.type === 'VM_GONE' && event.externalId === created.externalId),
    );
    await doneOf(
      provider.deleteNetwork({ externalId: net.externalId, marker: network.marker }, callContext()),
    );
    expect(await stage.leftovers()).toEqual([]);

    watching.abort();
    await watch;
    expect(statesIn(events)).toEqual(expect.arrayContaining(['POWERED_ON', 'POWERED_OFF', 'SUSPENDED']));
  });
});

async function resizeStopped(ref: ReturnType<typeof refOf>): Promise<void> {
  expect(await codeOf(provider.resizeVm(ref, { cpuCount: 2, diskGib: 0.5 }, callContext()))).toBe(
    'INVALID_ARGUMENT',
  );
  expect(await codeOf(provider.resizeVm(ref, { cpuCount: 10_000, diskGib: 9 }, callContext()))).toBe(
    'INVALID_ARGUMENT',
  );
  expect(await provider.getVm(ref, callContext())).toMatchObject({ cpuCount: 1, memoryMib: 128, diskGib: 1 });
  const size = { cpuCount: 2, memoryMib: 160, diskGib: 2 };
  expect(await doneOf(provider.resizeVm(ref, size, callContext()))).toMatchObject(size);
  expect(await doneOf(provider.resizeVm(ref, size, callContext()))).toMatchObject(size);
}

async function suspendAndResume(ref: ReturnType<typeof refOf>): Promise<void> {
  expect(await doneOf(provider.suspendVm(ref, callContext()))).toMatchObject({ powerState: 'SUSPENDED' });
  expect(await doneOf(provider.suspendVm(ref, callContext()))).toMatchObject({ powerState: 'SUSPENDED' });
  expect(await stage.client.domains.listAll(1)).toEqual([]);
  expect(await codeOf(provider.stopVm(ref, 'GRACEFUL', callContext()))).toBe('FAILED_PRECONDITION');
  expect(await codeOf(provider.rebootVm(ref, 'FORCED', callContext()))).toBe('FAILED_PRECONDITION');
  const { items } = await provider.listVms({ installationId: INSTALLATION, pageToken: null }, callContext());
  expect(items.map((vm) => vm.powerState)).toEqual(['SUSPENDED']);
  expect(await doneOf(provider.resumeVm(ref, callContext()))).toMatchObject({ powerState: 'POWERED_ON' });
  expect(await doneOf(provider.resumeVm(ref, callContext()))).toMatchObject({ powerState: 'POWERED_ON' });
}

function vmOf(event: BackendEvent): VmObservation | null {
  return event.type === 'VM_CHANGED' ? event.vm : null;
}

function addressesIn(event: BackendEvent): readonly string[] {
  return vmOf(event)?.nics.flatMap((nic) => nic.ipAddresses) ?? [];
}

function statesIn(events: readonly BackendEvent[]): (string | undefined)[] {
  return events.map((event) => vmOf(event)?.powerState);
}

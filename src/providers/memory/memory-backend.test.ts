import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError, silentLogger } from '../../kernel';
import type { BackendEvent, CallContext, HypervisorProvider, Outcome, VmSpec } from '../contract';
import { createMemoryBackend } from './backend';
import type { MemoryConfigInput } from './config';
import { GUEST_READY } from './guest';

const context: CallContext = {
  signal: new AbortController().signal,
  logger: silentLogger,
  reportProgress: () => undefined,
};

function markerOf(objectId: string) {
  return { installationId: 'ins', tenantId: 'ten', objectId, operationId: `tsk_${objectId}` };
}

function specOf(objectId: string, changes: Partial<VmSpec> = {}): VmSpec {
  return {
    marker: markerOf(objectId),
    name: objectId,
    hostname: 'guest',
    cpuCount: 1,
    memoryMib: 512,
    diskGib: 2,
    imageExternalId: 'any',
    networks: [],
    userData: null,
    sshKeys: [],
    labels: {},
    ...changes,
  };
}

function value<T>(outcome: Outcome<T>): T {
  if (outcome.state !== 'DONE') throw new Error('accepted, not done');
  return outcome.value;
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'OK',
    (error: unknown) => (error instanceof AppError ? error.code : String(error)),
  );
}

async function until(condition: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 2));
}

async function settled<T>(provider: HypervisorProvider, outcome: Outcome<T>): Promise<T | string> {
  if (outcome.state === 'DONE') return outcome.value;
  for (;;) {
    const progress = await provider.pollOperation<T>(outcome.operation, context);
    if (progress.state === 'DONE') return progress.value;
    if (progress.state === 'FAILED') return progress.error.code;
    if (progress.state !== 'RUNNING') return progress.state;
    await new Promise((resolve) => setTimeout(resolve, progress.pollAfterMs));
  }
}

function connected(config: MemoryConfigInput = {}) {
  const backend = createMemoryBackend(config);
  return { backend, provider: backend.connect() };
}

describe('capacity', () => {
  test('CPUs and memory are taken by what runs, storage by all', async () => {
    const { provider } = connected({ capacity: { cpuCount: 2, memoryMib: 1024, storageGib: 6 } });
    const vms = [];
    for (const id of ['a', 'b', 'c']) vms.push(value(await provider.createVm(specOf(id), context)));
    const refs = vms.map(({ externalId }, index) => ({ externalId, marker: markerOf('abc'[index] ?? '') }));
    expect(await codeOf(provider.createVm(specOf('d'), context))).toBe('RESOURCE_EXHAUSTED');
    expect(await codeOf(provider.startVm(refs[0]!, context))).toBe('OK');
    expect(await codeOf(provider.startVm(refs[1]!, context))).toBe('OK');
    expect(await codeOf(provider.startVm(refs[2]!, context))).toBe('RESOURCE_EXHAUSTED');
    expect((await provider.probe(context)).capacity).toEqual({
      cpuCount: 2,
      memoryMib: 1024,
      freeMemoryMib: 0,
      storageGib: 6,
      freeStorageGib: 0,
    });
    await provider.suspendVm(refs[0]!, context);
    expect(await codeOf(provider.startVm(refs[2]!, context))).toBe('OK');
    expect(await codeOf(provider.resumeVm(refs[0]!, context))).toBe('RESOURCE_EXHAUSTED');
  });

  test('a network gives each card its own address and runs out of them', async () => {
    const { provider, backend } = connected();
    const network = value(
      await provider.createNetwork(
        { marker: markerOf('n'), name: 'n', mode: 'NAT', cidr: '10.9.0.0/29' },
        context,
      ),
    );
    const networks = [{ externalId: network.externalId }];
    for (const id of ['a', 'b', 'c', 'd', 'e']) {
      const vm = value(await provider.createVm(specOf(id, { networks }), context));
      await provider.startVm({ externalId: vm.externalId, marker: markerOf(id) }, context);
    }
    const addresses = backend.vms().flatMap((vm) => vm.nics.flatMap((nic) => nic.ipAddresses));
    expect(new Set(addresses)).toEqual(new Set([2, 3, 4, 5, 6].map((host) => `10.9.0.${host}`)));
    expect(new Set(backend.vms().map((vm) => vm.nics[0]?.macAddress)).size).toBe(5);
    expect(await codeOf(provider.createVm(specOf('f', { networks }), context))).toBe('RESOURCE_EXHAUSTED');
    await provider.deleteVm({ externalId: '', marker: markerOf('a') }, context);
    expect(await codeOf(provider.createVm(specOf('f', { networks }), context))).toBe('OK');
  });
});

describe('the guest', () => {
  test('is up when it has booted: an event tells its address, the console its name', async () => {
    const { provider } = connected({ guestBootMs: 20 });
    const events: BackendEvent[] = [];
    const watching = new AbortController();
    void provider.watch((event) => void events.push(event), watching.signal);
    const network = value(
      await provider.createNetwork(
        { marker: markerOf('n'), name: 'n', mode: 'NAT', cidr: '10.9.0.0/24' },
        context,
      ),
    );
    const vm = value(
      await provider.createVm(specOf('a', { networks: [{ externalId: network.externalId }] }), context),
    );
    const ref = { externalId: vm.externalId, marker: markerOf('a') };
    const started = value(await provider.startVm(ref, context));
    expect(started.nics[0]?.ipAddresses).toEqual([]);
    expect(await provider.readConsoleLog(ref, 1000, context)).not.toContain(GUEST_READY);
    await until(() => events.some((e) => e.type === 'VM_CHANGED' && e.vm.nics[0]?.ipAddresses.length === 1));
    expect(await provider.readConsoleLog(ref, 1000, context)).toContain(`${GUEST_READY} guest`);
    watching.abort();
  });

  test('that does not answer is given up, and pulling the plug wins over waiting for it', async () => {
    const { provider, backend } = connected({ gracefulStopMs: 20 });
    const vm = value(await provider.createVm(specOf('a'), context));
    const ref = { externalId: vm.externalId, marker: markerOf('a') };
    await provider.startVm(ref, context);
    backend.hangGuest(vm.externalId);
    await expect(provider.stopVm(ref, 'GRACEFUL', context)).rejects.toMatchObject({
      code: 'DEADLINE_EXCEEDED',
      // The backend answered; it is the guest that does not.
      retryable: false,
    });
    const waiting = codeOf(provider.stopVm(ref, 'GRACEFUL', context));
    expect(await codeOf(provider.stopVm(ref, 'FORCED', context))).toBe('OK');
    expect(await waiting).toBe('UNAVAILABLE');
    expect((await provider.getVm(ref, context))?.powerState).toBe('POWERED_OFF');
  });
});

describe('accepted work', () => {
  const config = { asynchronous: true, operationMs: 30 };

  test('is joined by its repetition, told in percent, and refuses other work meanwhile', async () => {
    const { provider } = connected(config);
    const first = await provider.createVm(specOf('a'), context);
    const second = await provider.createVm(specOf('a'), context);
    expect(second).toEqual(first);
    if (first.state !== 'ACCEPTED') throw new Error('not accepted');
    expect(await provider.pollOperation(first.operation, context)).toMatchObject({ state: 'RUNNING' });
    const vm = await provider.locateVm(markerOf('a'), context);
    const ref = { externalId: vm?.externalId ?? '', marker: markerOf('a') };
    expect(await codeOf(provider.startVm(ref, context))).toBe('FAILED_PRECONDITION');
    expect(await settled(provider, first)).toMatchObject({ externalId: ref.externalId });
    expect(await settled(provider, first)).toMatchObject({ externalId: ref.externalId });
  });

  test('may fail late, leaving parts that only the deletion by marker removes', async () => {
    const { provider, backend } = connected(config);
    backend.failNextLate('createVm');
    expect(await settled(provider, await provider.createVm(specOf('a'), context))).toBe('RESOURCE_EXHAUSTED');
    expect(await provider.locateVm(markerOf('a'), context)).toBeNull();
    expect([backend.vms().length, backend.leftovers().length]).toEqual([0, 1]);
    await settled(provider, await provider.deleteVm({ externalId: '', marker: markerOf('a') }, context));
    expect(backend.leftovers()).toEqual([]);
  });

  test('may vanish: LOST, nothing changed, and the repetition does it', async () => {
    const { provider, backend } = connected(config);
    const vm = await settled(provider, await provider.createVm(specOf('a'), context));
    if (typeof vm === 'string') throw new Error(vm);
    const ref = { externalId: vm.externalId, marker: markerOf('a') };
    backend.loseNextOperation('startVm');
    expect(await settled(provider, await provider.startVm(ref, context))).toBe('LOST');
    expect((await provider.getVm(ref, context))?.powerState).toBe('POWERED_OFF');
    const again = await settled(provider, await provider.startVm(ref, context));
    expect(again).toMatchObject({ powerState: 'POWERED_ON' });
  });

  test('is superseded by a deletion', async () => {
    const { provider, backend } = connected(config);
    const creation = await provider.createVm(specOf('a'), context);
    const deletion = await provider.deleteVm({ externalId: '', marker: markerOf('a') }, context);
    expect(await settled(provider, creation)).toBe('LOST');
    expect(await settled(provider, deletion)).toBeNull();
    expect(backend.vms()).toEqual([]);
  });
});

describe('listing', () => {
  test('without an idempotency key, a creation repeated within the lag makes a double; one delete removes both', async () => {
    const { provider, backend } = connected({ listingLagMs: 60_000, idempotencyKey: false });
    await provider.createVm(specOf('a'), context);
    await provider.createVm(specOf('a'), context);
    expect(backend.vms()).toHaveLength(2);
    await provider.deleteVm({ externalId: '', marker: markerOf('a') }, context);
    expect(backend.vms()).toEqual([]);
  });

  test('with one it finds the first, although the listing does not show it yet', async () => {
    const { provider, backend } = connected({ listingLagMs: 60_000 });
    const one = value(await provider.createVm(specOf('a'), context));
    expect(value(await provider.createVm(specOf('a'), context)).externalId).toBe(one.externalId);
    expect(await provider.locateVm(markerOf('a'), context)).toBeNull();
    expect(backend.vms()).toHaveLength(1);
  });
});

describe('faults', () => {
  test('ordered ones befall the next call only: refused, reply lost, hanging', async () => {
    const { provider, backend } = connected();
    backend.failNext('createVm', new AppError('PERMISSION_DENIED', 'no'));
    backend.loseNextReply('createVm');
    expect(await codeOf(provider.createVm(specOf('a'), context))).toBe('PERMISSION_DENIED');
    expect(backend.vms()).toEqual([]);
    expect(await codeOf(provider.createVm(specOf('a'), context))).toBe('UNAVAILABLE');
    expect(backend.vms()).toHaveLength(1);
    backend.hangNext('createVm');
    const controller = new AbortController();
    const hanging = codeOf(provider.createVm(specOf('b'), { ...context, signal: controller.signal }));
    controller.abort();
    expect(await hanging).toBe('CANCELLED');
    expect(await codeOf(provider.createVm(specOf('b'), context))).toBe('OK');
  });

  test('by probability they repeat with their seed', async () => {
    const run = async (seed: number) => {
      const { provider, backend } = connected({ faults: { refuse: 0.3, loseReply: 0.3, seed } });
      const codes = [];
      for (let index = 0; index < 50; index += 1) {
        codes.push(await codeOf(provider.createVm(specOf(`vm${index}`), context)));
      }
      return { codes, made: backend.vms().length };
    };
    const first = await run(7);
    expect(await run(7)).toEqual(first);
    expect(await run(8)).not.toEqual(first);
    const ok = first.codes.filter((code) => code === 'OK').length;
    // Lost replies were executed, refusals were not.
    expect(first.made).toBeGreaterThan(ok);
    expect(first.made).toBeLessThan(50);
  });

  test('an outage refuses every call, and the feed resynchronises when it is over', async () => {
    const { provider, backend } = connected();
    const events: string[] = [];
    const watching = new AbortController();
    const watch = provider.watch((event) => void events.push(event.type), watching.signal);
    backend.setUnavailable(true);
    expect(await codeOf(provider.probe(context))).toBe('UNAVAILABLE');
    backend.setUnavailable(false);
    await provider.createVm(specOf('a'), context);
    watching.abort();
    await watch;
    await provider.createVm(specOf('b'), context);
    expect(events).toEqual(['RESYNC', 'RESYNC', 'VM_CHANGED']);
  });
});

describe('the state file', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'memory-backend-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  test('a restart finds VMs, networks, addresses and accepted work again', async () => {
    const config = { stateFile: join(folder, 'deep', 'state.json'), asynchronous: true, operationMs: 20 };
    const before = connected(config);
    const network = await before.provider.createNetwork(
      { marker: markerOf('n'), name: 'n', mode: 'NAT', cidr: '10.9.0.0/24' },
      context,
    );
    const networks = [{ externalId: value(network).externalId }];
    const creation = await before.provider.createVm(specOf('a', { networks }), context);
    before.backend.close();

    const after = connected(config).provider;
    const vm = await settled(after, creation);
    expect(vm).toMatchObject({ name: 'a', marker: markerOf('a') });
    await settled(after, await after.createVm(specOf('b', { networks }), context));
    const refs = [];
    for (const id of ['a', 'b']) {
      const located = await after.locateVm(markerOf(id), context);
      const ref = { externalId: located?.externalId ?? '', marker: markerOf(id) };
      refs.push(await settled(after, await after.startVm(ref, context)));
    }
    const addresses = refs.flatMap((ref) =>
      typeof ref === 'string' ? [] : (ref.nics[0]?.ipAddresses ?? []),
    );
    expect(new Set(addresses).size).toBe(2);
    expect(await after.locateNetwork(markerOf('n'), context)).toMatchObject({ name: 'n' });
    expect(readdirSync(join(folder, 'deep'))).toEqual(['state.json']);
  });

  test('an unreadable one makes the backend unavailable and is left as it is', async () => {
    const stateFile = join(folder, 'state.json');
    writeFileSync(stateFile, '{"version":1');
    const { provider } = connected({ stateFile });
    expect(await codeOf(provider.createVm(specOf('a'), context))).toBe('UNAVAILABLE');
    rmSync(stateFile);
    expect(await codeOf(provider.createVm(specOf('a'), context))).toBe('OK');
  });
});

import { NetworkInventory, Reconciler, VmInventory } from '../../src/inventory';
import { AppError, newId, silentLogger } from '../../src/kernel';
import { unwatchedCall } from '../../src/providers/contract';
import type { HypervisorProvider, Marker } from '../../src/providers/contract';
import { toReconciliation } from '../../src/inventory/reconciliation.type';
import { expectSettled } from './invariants';
import { ADMIN, INSTALLATION, WorkflowStage } from './stage';

type Options = ConstructorParameters<typeof Reconciler>[0];

const neverAborted = new AbortController().signal;
const call = unwatchedCall(neverAborted, silentLogger);

describe('the reconciler', () => {
  let stage: WorkflowStage;
  /** What it told, in order. */
  let told: string[];

  beforeEach(async () => {
    told = [];
    // Nobody hears of anything but by what a pass lists.
    stage = await WorkflowStage.open({ backend: { guestBootMs: 0 }, observe: false });
    stage.engine();
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    await stage.close();
  });

  /** A process of its own each time: between two passes it keeps nothing but what is in the database. */
  function reconciler(options: Partial<Options> = {}): Reconciler {
    const { vms, networks, backends, tasks, sightings } = stage.nouns.stores;
    return new Reconciler({
      ...{ database: stage.database, tasks, backends, sightings, logger: silentLogger },
      installationId: INSTALLATION.id,
      inventories: [new VmInventory(vms, stage.observer), new NetworkInventory(networks, INSTALLATION.id)],
      metrics: {
        onPass: () => undefined,
        onRemoved: (_backend, kind) => told.push(`removed ${kind}`),
        onMissing: (_backend, kind) => told.push(`missing ${kind}`),
        onStuck: (_backend, kind) => told.push(`stuck ${kind}`),
      },
      ...{ mode: 'repair', intervalMs: 3_600_000, graceMs: 0, ...options },
    });
  }

  /** @param beforeDeleting called each time right before the backend is to remove a VM */
  function pass(
    options: Partial<Options> = {},
    assertHeld?: () => void,
    beforeDeleting: () => Promise<void> = () => Promise.resolve(),
  ): Promise<string> {
    const live = stage.nouns.stores.backends.resolve('demo', 'backend');
    const provider = Object.assign(Object.create(live.provider) as HypervisorProvider, {
      deleteVm: async (...asked: Parameters<HypervisorProvider['deleteVm']>) => {
        await beforeDeleting();
        return live.provider.deleteVm(...asked);
      },
    });
    return reconciler(options).pass({ ...live, provider }, neverAborted, assertHeld);
  }

  function provider(): HypervisorProvider {
    return stage.backend.connect();
  }

  function marker(change: Partial<Marker> = {}): Marker {
    const ids = { objectId: newId('vm'), operationId: newId('task') };
    return { installationId: INSTALLATION.id, tenantId: stage.tenantId, ...ids, ...change };
  }

  /** Made on the backend by nobody whom the database knows. */
  async function rawVm(of: Marker): Promise<string> {
    const spec = { name: 'raw', hostname: 'raw', cpuCount: 1, memoryMib: 512, diskGib: 2 };
    const rest = { imageExternalId: 'tiny', networks: [], userData: null, sshKeys: [], labels: {} };
    const image = await provider().resolveImage('tiny', call);
    const made = await provider().createVm(
      { ...spec, ...rest, imageExternalId: image?.externalId ?? '', marker: of },
      call,
    );
    if (made.state !== 'DONE') throw new Error('The backend was to make it at once.');
    return made.value.externalId;
  }

  async function rawNetwork(of: Marker): Promise<void> {
    await provider().createNetwork({ marker: of, name: 'raw', mode: 'NAT', cidr: '10.9.0.0/24' }, call);
  }

  /** What the last pass found. */
  async function findings(): Promise<readonly object[]> {
    const { id } = stage.nouns.stores.backends.resolve('demo', 'backend').backend;
    return (await stage.nouns.stores.sightings.summary(stage.database.reader, id)).sightings;
  }

  const vmIds = (): string[] => stage.backend.vms().map(({ externalId }) => externalId);

  test('removes an orphan when it was seen twice, and nothing of another installation', async () => {
    const foreign = await rawVm(marker({ installationId: 'another-installation' }));
    const orphan = await rawVm(marker());
    await rawNetwork(marker({ objectId: newId('network') }));
    await rawNetwork(marker({ installationId: 'another-installation' }));
    expect(await pass()).toBe('DONE');
    expect(vmIds()).toEqual([foreign, orphan]);
    expect(await pass()).toBe('DONE');
    expect(vmIds()).toEqual([foreign]);
    expect(stage.backend.networks().map((one) => one.marker?.installationId)).toEqual([
      'another-installation',
    ]);
    expect(told).toEqual(['removed VM', 'removed NETWORK']);
    await pass();
    expect(told).toHaveLength(2);
  });

  test('removes nothing once another process may be at it', async () => {
    const orphan = await rawVm(marker());
    const lost = (): void => {
      throw new Error('The duty is lost.');
    };
    for (let time = 0; time < 3; time += 1) await pass({}, lost);
    expect(vmIds()).toEqual([orphan]);
    await pass();
    expect(vmIds()).toEqual([]);
  });

  test('looks again and again until it is told to stop, and a backend that is away does not end that', async () => {
    stage.backend.setUnavailable(true);
    const stop = new AbortController();
    const outcomes: string[] = [];
    const metrics = {
      onPass: (_backend: string, outcome: string) => {
        outcomes.push(outcome);
        if (outcomes.length === 2) stage.backend.setUnavailable(false);
        if (outcomes.includes('DONE')) stop.abort();
      },
      ...{ onRemoved: () => undefined, onMissing: () => undefined, onStuck: () => undefined },
    };
    const [live] = stage.nouns.stores.backends.allLive();
    await reconciler({ metrics, intervalMs: 1 }).run(live!, stop.signal, () => undefined);
    expect(outcomes.slice(0, 2)).toEqual(['FAILED', 'FAILED']);
    expect(outcomes.at(-1)).toBe('DONE');
  });

  test('waits for the grace, however often it was seen', async () => {
    const orphan = await rawVm(marker());
    for (let time = 0; time < 5; time += 1) await pass({ graceMs: 3_600_000 });
    expect(vmIds()).toEqual([orphan]);
  });

  test.each(['report', 'off'] as const)('changes nothing in the mode %s', async (mode) => {
    const vmId = await stage.runningVm();
    stage.observer.survey = () => Promise.resolve([]);
    const orphan = await rawVm(marker());
    for (let time = 0; time < 3; time += 1) expect(await pass({ mode })).toBe('DONE');
    expect(vmIds()).toContain(orphan);
    expect(await stage.vm(vmId)).toMatchObject({ powerState: 'POWERED_ON' });
    expect(told).toEqual([]);
    const { id } = stage.nouns.stores.backends.resolve('demo', 'backend').backend;
    const summary = await stage.nouns.stores.sightings.summary(stage.database.reader, id);
    expect(summary.lastPassAt === null).toBe(mode === 'off');
    expect(summary.sightings).toHaveLength(mode === 'off' ? 0 : 1);
  });

  test('removes what came after its creation was taken back, and does not bring the VM back by it', async () => {
    stage.backend.failNext('startVm', new AppError('PERMISSION_DENIED', 'No.'));
    const { vmId, taskId } = await stage.createVm([], 'failing');
    expect(await stage.ended(taskId)).toMatchObject({ status: 'FAILED' });
    const late = await rawVm(marker({ objectId: vmId, operationId: taskId }));
    await pass();
    const { revision } = await stage.vm(vmId);
    expect(await stage.vm(vmId)).toMatchObject({ lifecycle: 'ERROR', externalId: null });
    expect(vmIds()).toEqual([late]);
    // Meanwhile nobody can begin to make it anew.
    const { store } = stage.nouns.services.vms;
    const update = jest.spyOn(store, 'update');
    await pass();
    expect(update.mock.calls.map(([, , patch]) => patch)).toEqual([
      { lifecycle: 'DELETING' },
      { lifecycle: 'ERROR' },
    ]);
    expect(vmIds()).toEqual([]);
    expect(await stage.vm(vmId)).toMatchObject({ lifecycle: 'ERROR', revision: revision + 2 });
    expect(told).toEqual(['removed VM']);
  });

  test('a dying orphan that tells of itself does not bring the failed VM back', async () => {
    stage.backend.failNext('startVm', new AppError('PERMISSION_DENIED', 'No.'));
    const { vmId, taskId } = await stage.createVm([], 'failing');
    expect(await stage.ended(taskId)).toMatchObject({ status: 'FAILED' });
    await rawVm(marker({ objectId: vmId, operationId: taskId }));
    await pass();
    // A backend stops what it removes first, and tells of that; so does a listing of another process.
    await pass(
      {},
      () => undefined,
      async () => {
        const live = stage.nouns.stores.backends.resolve('demo', '');
        await stage.observer.survey(live, neverAborted);
      },
    );
    expect(vmIds()).toEqual([]);
    expect(await stage.vm(vmId)).toMatchObject({ lifecycle: 'ERROR', externalId: null });
    await expectSettled(stage);
  });

  test('a process that dies while it removes an orphan does not bring the failed VM back', async () => {
    stage.backend.failNext('startVm', new AppError('PERMISSION_DENIED', 'No.'));
    const { vmId, taskId } = await stage.createVm([], 'failing');
    expect(await stage.ended(taskId)).toMatchObject({ status: 'FAILED' });
    await rawVm(marker({ objectId: vmId, operationId: taskId }));
    const { vms } = stage.nouns.stores;
    await stage.database.transaction((session) => vms.update(session, vmId, { lifecycle: 'DELETING' }));
    for (let time = 0; time < 4; time += 1) await pass();
    expect(vmIds()).toEqual([]);
    expect(await stage.vm(vmId)).toMatchObject({ lifecycle: 'ERROR', externalId: null });
    await expectSettled(stage);
  });

  test('removes what came back after its deletion', async () => {
    const vmId = await stage.runningVm();
    const { task } = await stage.nouns.services.vmOperations.delete(ADMIN, { id: vmId });
    await stage.ended(task.id);
    await rawVm(marker({ objectId: vmId }));
    await pass();
    await pass();
    expect(vmIds()).toEqual([]);
    expect(await stage.vm(vmId)).toMatchObject({ lifecycle: 'DELETED' });
  });

  test('leaves a copy of a living VM alone, and tells of it', async () => {
    const vmId = await stage.runningVm();
    const { externalId } = await stage.vm(vmId);
    const copy = await rawVm(marker());
    stage.backend.changeBehindBack(copy, { marker: marker({ objectId: vmId }) });
    for (let time = 0; time < 3; time += 1) await pass();
    expect(vmIds().sort()).toEqual([externalId, copy].sort());
    expect(await stage.vm(vmId)).toMatchObject({ externalId, powerState: 'POWERED_ON' });
    const { id } = stage.nouns.stores.backends.resolve('demo', 'backend').backend;
    const { sightings } = await stage.nouns.stores.sightings.summary(stage.database.reader, id);
    expect(sightings).toMatchObject([{ type: 'COPY', objectId: vmId, externalId: copy }]);
  });

  test('records the new id of a VM that the backend calls otherwise now', async () => {
    const vmId = await stage.runningVm();
    const { externalId } = await stage.vm(vmId);
    const copy = await rawVm(marker());
    stage.backend.changeBehindBack(copy, { marker: marker({ objectId: vmId }) });
    stage.backend.changeBehindBack(externalId ?? '', { marker: null });
    await pass();
    expect(await stage.vm(vmId)).toMatchObject({ externalId: copy, lifecycle: 'ACTIVE' });
    expect(vmIds()).toContain(externalId);
  });

  test('does not take a copy for the VM where a listing leaves out the VM itself', async () => {
    const vmId = await stage.runningVm();
    const { externalId } = await stage.vm(vmId);
    const copy = await rawVm(marker());
    stage.backend.changeBehindBack(copy, { marker: marker({ objectId: vmId }) });
    const listed = new VmInventory(stage.nouns.stores.vms, stage.observer);
    const list = listed.list.bind(listed);
    const lagging = Object.assign(listed, {
      list: async (...asked: Parameters<typeof list>) =>
        (await list(...asked)).filter((one) => one.externalId !== externalId),
    });
    await pass({ inventories: [lagging] });
    expect(await stage.vm(vmId)).toMatchObject({ externalId });
  });

  test('does not touch what changed its marker between the listing and the removal', async () => {
    const orphan = await rawVm(marker());
    await pass();
    const { vms } = stage.nouns.stores;
    const listed = new VmInventory(vms, stage.observer);
    const inventory = Object.assign(listed, {
      list: async () => {
        const found = await stage.observer.survey(
          stage.nouns.stores.backends.resolve('demo', ''),
          neverAborted,
        );
        stage.backend.changeBehindBack(orphan, { marker: marker({ installationId: 'another' }) });
        return found;
      },
    });
    await pass({ inventories: [inventory] });
    expect(vmIds()).toEqual([orphan]);
    expect(told).toEqual([]);
  });

  test.each([
    ['is longer than any column', 'vm_'.padEnd(256, 'x')],
    ['names nothing', ''],
    ['is one of another kind', newId('network')],
  ])('leaves alone what says that it is ours where the object id %s', async (_, objectId) => {
    const strange = await rawVm(marker());
    stage.backend.changeBehindBack(strange, { marker: marker({ objectId }) });
    await rawVm(marker());
    for (let time = 0; time < 3; time += 1) expect(await pass()).toBe('DONE');
    expect(vmIds()).toEqual([strange]);
    expect(await findings()).toEqual([]);
  });

  test('is not stopped by an id that is longer than a backend ever gave', async () => {
    const { vms } = stage.nouns.stores;
    const listed = new VmInventory(vms, stage.observer);
    const found = [{ externalId: 'x'.repeat(201), marker: marker() }];
    const inventories = [Object.assign(listed, { list: () => Promise.resolve(found) })];
    for (let time = 0; time < 3; time += 1) expect(await pass({ inventories })).toBe('DONE');
    expect(await findings()).toEqual([]);
  });

  test('keeps what the database does not know when it is more than a crash leaves', async () => {
    for (let count = 0; count < 11; count += 1) await rawVm(marker());
    for (let time = 0; time < 3; time += 1) await pass();
    expect(vmIds()).toHaveLength(11);
    await provider().deleteVm({ externalId: '', marker: stage.backend.vms()[0]!.marker! }, call);
    await pass();
    expect(vmIds()).toEqual([]);
  });

  test('tells of what is gone, once, when it was missed twice, with an event; and it may come back', async () => {
    const { networkId, taskId } = await stage.createNetwork();
    await stage.ended(taskId);
    const vmId = await stage.runningVm();
    const before = await stage.vm(vmId);
    const owner = stage.backend.vms()[0]!.marker!;
    stage.backend.changeBehindBack(before.externalId ?? '', { marker: null });
    const [network] = stage.backend.networks();
    await provider().deleteNetwork({ externalId: network!.externalId, marker: network!.marker! }, call);
    await pass();
    expect(await stage.vm(vmId)).toMatchObject({ powerState: 'POWERED_ON' });
    await pass();
    expect(await stage.vm(vmId)).toMatchObject({
      ...{ lifecycle: 'ACTIVE', powerState: 'UNKNOWN', revision: before.revision + 1 },
    });
    expect(await stage.nouns.services.networks.get(ADMIN, networkId)).toMatchObject({ status: 'ERROR' });
    await pass();
    expect(told).toEqual(['missing VM', 'missing NETWORK']);
    stage.backend.changeBehindBack(before.externalId ?? '', { marker: owner });
    await pass();
    expect(await stage.vm(vmId)).toMatchObject({ powerState: 'POWERED_ON' });
  });

  describe('a network that the backend does not show', () => {
    let networkId: string;
    let hidden: NetworkInventory;

    beforeEach(async () => {
      const made = await stage.createNetwork();
      networkId = made.networkId;
      expect(await stage.ended(made.taskId)).toMatchObject({ status: 'SUCCEEDED' });
      const nothing = { list: () => Promise.resolve([]), look: () => Promise.resolve(null) };
      hidden = Object.assign(new NetworkInventory(stage.nouns.stores.networks, INSTALLATION.id), nothing);
      for (let time = 0; time < 2; time += 1) await pass({ inventories: [hidden] });
      expect(await status()).toBe('ERROR');
    });

    async function status(): Promise<string> {
      return (await stage.nouns.services.networks.get(ADMIN, networkId)).status;
    }

    async function missing(): Promise<number> {
      const { id } = stage.nouns.stores.backends.resolve('demo', 'backend').backend;
      const { sightings } = stage.nouns.stores;
      return toReconciliation(await sightings.summary(stage.database.reader, id)).missing;
    }

    test('counts as missing until it is back, and is what it was then', async () => {
      expect(await missing()).toBe(1);
      for (let time = 0; time < 2; time += 1) await pass({ inventories: [hidden] });
      expect([await status(), await missing()]).toEqual(['ERROR', 1]);
      await pass({ mode: 'report' });
      expect(await status()).toBe('ERROR');
      await pass();
      expect([await status(), await missing()]).toEqual(['ACTIVE', 0]);
      expect(told).toEqual(['missing NETWORK']);
      for (let time = 0; time < 2; time += 1) await pass({ inventories: [hidden] });
      expect([await status(), await missing()]).toEqual(['ERROR', 1]);
    });

    test('stays in ERROR when its deletion has failed meanwhile', async () => {
      stage.backend.failNext('deleteNetwork', new AppError('PERMISSION_DENIED', 'No.'));
      const { task } = await stage.nouns.services.networks.delete(ADMIN, { id: networkId });
      expect(await stage.ended(task.id)).toMatchObject({ status: 'FAILED' });
      for (let time = 0; time < 2; time += 1) await pass();
      expect([await status(), await missing()]).toEqual(['ERROR', 0]);
    });

    test('comes back also when its deletion was cancelled before it began', async () => {
      const { tasks } = stage.nouns.stores;
      await stage.database.transaction(async (session) => {
        const task = await tasks.enqueue(session, {
          ...{ tenantId: stage.tenantId, operation: 'DELETE_NETWORK', targetId: networkId, lane: networkId },
          ...{ actor: 'test', input: {}, cancellableWhileRunning: false, stepNames: [] },
        });
        expect(await tasks.cancelQueued(session, task.id)).toBe(true);
      });
      await pass();
      expect(await status()).toBe('ACTIVE');
    });

    test('is forgotten with its deletion', async () => {
      const { task } = await stage.nouns.services.networks.delete(ADMIN, { id: networkId });
      expect(await stage.ended(task.id)).toMatchObject({ status: 'SUCCEEDED' });
      await pass();
      expect([await status(), await missing()]).toEqual(['DELETED', 0]);
    });
  });

  test('concludes nothing while the backend cannot be reached, or from half a list', async () => {
    const vmId = await stage.runningVm();
    const orphan = await rawVm(marker());
    await pass();
    stage.backend.setUnavailable(true);
    expect(await pass()).toBe('FAILED');
    stage.backend.setUnavailable(false);
    stage.backend.failNext('listVms', new AppError('INTERNAL', 'Half of it.'));
    expect(await pass()).toBe('FAILED');
    expect(vmIds()).toContain(orphan);
    expect(await stage.vm(vmId)).toMatchObject({ powerState: 'POWERED_ON' });
    await pass();
    expect(vmIds()).not.toContain(orphan);
  });

  test('an orphan that cannot be removed keeps no other from it, and is tried again', async () => {
    await rawVm(marker());
    await rawVm(marker());
    await pass();
    stage.backend.failNext('deleteVm', new AppError('FAILED_PRECONDITION', 'It is locked.'));
    await pass();
    expect(vmIds()).toHaveLength(1);
    await pass();
    expect(vmIds()).toEqual([]);
  });

  test('puts what is stuck into ERROR, and leaves alone what a task works on', async () => {
    const vmId = await stage.runningVm();
    const { vms } = stage.nouns.stores;
    await stage.database.transaction((session) => vms.update(session, vmId, { lifecycle: 'DELETING' }));
    stage.backend.setUnavailable(true);
    const { vmId: waiting } = await stage.createVm([], 'waiting');
    stage.observer.survey = () => Promise.resolve([]);
    const vmsOnly = { inventories: [new VmInventory(vms, stage.observer)] };
    await pass(vmsOnly);
    expect(await stage.vm(vmId)).toMatchObject({ lifecycle: 'DELETING' });
    await pass(vmsOnly);
    expect(await stage.vm(vmId)).toMatchObject({ lifecycle: 'ERROR' });
    expect(await stage.vm(waiting)).toMatchObject({ lifecycle: 'PROVISIONING' });
    expect(told).toEqual(['stuck VM']);
    stage.backend.setUnavailable(false);
  });

  test('harms nothing that is being made or removed while it passes without a pause', async () => {
    stage.observe();
    let isOver = false;
    const passing = (async () => {
      while (!isOver) await pass();
    })();
    const made = await Promise.all(
      Array.from({ length: 50 }, (_, index) => stage.createVm([], `vm-${String(index)}`)),
    );
    for (const { taskId } of made) expect(await stage.ended(taskId)).toMatchObject({ status: 'SUCCEEDED' });
    const doomed = made
      .slice(0, 25)
      .map(({ vmId }) => stage.nouns.services.vmOperations.delete(ADMIN, { id: vmId }));
    for (const { task } of await Promise.all(doomed))
      expect(await stage.ended(task.id)).toMatchObject({ status: 'SUCCEEDED' });
    isOver = true;
    await passing;
    expect(told).toEqual([]);
    await expectSettled(stage);
    expect(vmIds()).toHaveLength(25);
  });
});

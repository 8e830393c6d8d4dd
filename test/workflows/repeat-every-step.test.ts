import { AppError } from '../../src/kernel';
import type { HypervisorProvider } from '../../src/providers/contract';
import type { MemoryConfigInput } from '../../src/providers/memory';
import type { StepContext, StepResult, TaskOperation, WorkflowStep } from '../../src/tasks';
import { retryQuickly } from '../support/retry-quickly';
import { expectSettled } from './invariants';
import { ADMIN, WorkflowStage } from './stage';

beforeEach(retryQuickly);

/** Only listings find what was made, and late: whoever does not wait for them makes or leaves a second one. */
const CLOUD: MemoryConfigInput = {
  asynchronous: true,
  operationMs: 5,
  listingLagMs: 40,
  idempotencyKey: false,
};
const STEPS = ['check-image', 'await-networks', 'create-vm', 'set-power', 'observe'];

type Act = (context: StepContext<unknown>) => Promise<StepResult | undefined>;

/** Puts something in place of one `do` or `undo`; what was there can be called. */
function replace(
  stage: WorkflowStage,
  operation: TaskOperation,
  name: string,
  member: 'do' | 'undo',
  make: (original: Act) => Act,
): void {
  const step = stage.nouns.workflows.get(operation).steps.find((one) => one.name === name);
  const original = step?.[member]?.bind(step);
  if (!step || !original) throw new Error(`${operation} has no ${member} of ${name}.`);
  Object.assign(step satisfies WorkflowStep<unknown>, { [member]: make(original) });
}

/** As if the process died after all was done and before it was committed. */
const diesOnce = (original: Act): Act => {
  let deaths = 0;
  return async (context) => {
    const result = await original(context);
    deaths += 1;
    if (deaths === 1) throw new AppError('UNAVAILABLE', 'Nobody heard of it.');
    return result;
  };
};

async function withStage(
  backend: MemoryConfigInput,
  use: (stage: WorkflowStage) => Promise<void>,
  wrap?: (provider: HypervisorProvider) => HypervisorProvider,
): Promise<void> {
  const stage = await WorkflowStage.open({ backend, ...(wrap ? { wrap } : {}) });
  try {
    await use(stage);
  } finally {
    await stage.close();
  }
}

describe.each([
  ['a hypervisor', {}],
  ['a cloud', CLOUD],
] as const)('the creation of a VM on %s', (_kind, backend) => {
  test.each(STEPS)('makes one VM though %s is done twice', async (name) => {
    await withStage(backend, async (stage) => {
      replace(stage, 'CREATE_VM', name, 'do', diesOnce);
      stage.engine();
      const { networkId } = await stage.createNetwork();
      const { vmId, taskId } = await stage.createVm([networkId]);
      expect(await stage.ended(taskId)).toMatchObject({ status: 'SUCCEEDED', attempts: 2 });
      expect(await stage.vm(vmId)).toMatchObject({ lifecycle: 'ACTIVE', powerState: 'POWERED_ON' });
      expect(stage.backend.vms()).toHaveLength(1);
      await expectSettled(stage);
    });
  });

  test.each(STEPS.slice(1))('leaves nothing though it fails in %s and is taken back twice', async (name) => {
    await withStage(backend, async (stage) => {
      replace(stage, 'CREATE_VM', name, 'do', (original) => async (context) => {
        await original(context);
        throw new AppError('PERMISSION_DENIED', 'No.');
      });
      replace(stage, 'CREATE_VM', 'create-vm', 'undo', diesOnce);
      stage.engine();
      const { vmId, taskId } = await stage.createVm();
      expect(await stage.ended(taskId)).toMatchObject({ status: 'FAILED' });
      expect(await stage.vm(vmId)).toMatchObject({ lifecycle: 'ERROR', externalId: null });
      expect([...stage.backend.vms(), ...stage.backend.leftovers()]).toEqual([]);
      await expectSettled(stage);
    });
  });

  test.each(STEPS.slice(0, -1))('leaves nothing when it is cancelled during %s', async (name) => {
    await withStage(backend, async (stage) => {
      replace(stage, 'CREATE_VM', name, 'do', (original) => async (context) => {
        if (context.task.id === taskId) await stage.nouns.services.tasks.cancel(ADMIN, taskId);
        return original(context);
      });
      const { vmId, taskId } = await stage.createVm();
      stage.engine();
      expect(await stage.ended(taskId)).toMatchObject({ status: 'CANCELLED' });
      expect(await stage.vm(vmId)).toMatchObject({ lifecycle: 'DELETED', externalId: null });
      expect(stage.backend.vms()).toEqual([]);
      await expectSettled(stage);
      // The name is free again.
      expect((await stage.ended((await stage.createVm()).taskId)).status).toBe('SUCCEEDED');
    });
  });
});

describe('on a cloud whose deletion by marker goes by its listing too', () => {
  const listing = (provider: HypervisorProvider): HypervisorProvider =>
    new Proxy(provider, {
      get: (target, name: keyof HypervisorProvider) => {
        if (name !== 'deleteVm') {
          const member: unknown = target[name];
          return typeof member === 'function' ? (member.bind(target) as unknown) : member;
        }
        const deleteVm: HypervisorProvider['deleteVm'] = async (ref, context) => {
          if (ref.externalId !== '') return target.deleteVm(ref, context);
          const found = await target.locateVm(ref.marker, context);
          if (!found) return { state: 'DONE', value: null };
          return target.deleteVm({ ...ref, externalId: found.externalId }, context);
        };
        return deleteVm;
      },
    });

  test('a creation that was never answered leaves nothing when it fails right afterwards', async () => {
    const use = async (stage: WorkflowStage): Promise<void> => {
      replace(stage, 'CREATE_VM', 'create-vm', 'do', (original) => async (context) => {
        stage.backend.loseNextReply('createVm');
        await original(context).catch(() => undefined);
        throw new AppError('RESOURCE_EXHAUSTED', 'No room.');
      });
      stage.engine();
      const { taskId } = await stage.createVm();
      expect(await stage.ended(taskId)).toMatchObject({ status: 'FAILED' });
      expect(stage.backend.vms()).toEqual([]);
      await expectSettled(stage);
    };
    await withStage(CLOUD, use, listing);
  });
});

test('work that a backend accepted is polled to its end by whoever comes next, and not asked for again', async () => {
  await withStage({ asynchronous: true, operationMs: 400 }, async (stage) => {
    const first = stage.engine();
    const { taskId } = await stage.createVm();
    await stage.until(taskId, ({ message }) => message === 'The backend is at work.');
    await first.stop(0);
    expect(await stage.nouns.stores.tasks.find(stage.database.reader, ADMIN, taskId)).toMatchObject({
      status: 'RUNNING',
    });
    stage.engine();
    expect(await stage.ended(taskId)).toMatchObject({ status: 'SUCCEEDED' });
    expect(stage.calls.filter((call) => call === 'createVm')).toHaveLength(1);
    await expectSettled(stage);
  });
});

describe('a VM and its neighbours', () => {
  test('a VM that waits for its network does not keep the network from being made', async () => {
    await withStage({}, async (stage) => {
      stage.backend.setUnavailable(true);
      const { networkId, taskId } = await stage.createNetwork();
      stage.engine({ concurrency: 1 });
      await stage.until(taskId, ({ message }) => message?.startsWith('Trying again') === true);
      stage.backend.setUnavailable(false);
      const vm = await stage.createVm([networkId]);
      expect(await stage.ended(taskId)).toMatchObject({ status: 'SUCCEEDED' });
      expect(await stage.ended(vm.taskId)).toMatchObject({ status: 'SUCCEEDED' });
      await expectSettled(stage);
    });
  }, 30_000);

  test('a deletion behind a creation waits for it, tells no lies meanwhile, and leaves nothing', async () => {
    await withStage({}, async (stage) => {
      const { vmId, taskId } = await stage.createVm();
      const deletion = await stage.nouns.services.vmOperations.delete(ADMIN, { id: vmId });
      expect(deletion.vm.lifecycle).toBe('PROVISIONING');
      expect((await stage.nouns.services.vmOperations.delete(ADMIN, { id: vmId })).task.id).toBe(
        deletion.task.id,
      );
      stage.engine();
      expect(await stage.ended(taskId)).toMatchObject({ status: 'SUCCEEDED' });
      expect(await stage.ended(deletion.task.id)).toMatchObject({ status: 'SUCCEEDED' });
      expect(await stage.vm(vmId)).toMatchObject({ lifecycle: 'DELETED' });
      await expectSettled(stage);
    });
  });

  test('a deletion that is cancelled while it waits leaves the VM as its creation made it', async () => {
    await withStage({}, async (stage) => {
      const { vmId, taskId } = await stage.createVm();
      const deletion = await stage.nouns.services.vmOperations.delete(ADMIN, { id: vmId });
      replace(stage, 'CREATE_VM', 'observe', 'do', (original) => async (context) => {
        await stage.nouns.services.tasks.cancel(ADMIN, deletion.task.id);
        return original(context);
      });
      stage.engine();
      await stage.ended(taskId);
      expect(await stage.ended(deletion.task.id)).toMatchObject({ status: 'CANCELLED' });
      expect(await stage.vm(vmId)).toMatchObject({ lifecycle: 'ACTIVE', powerState: 'POWERED_ON' });
      await expectSettled(stage);
    });
  });
});

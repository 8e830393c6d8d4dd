import { AppError } from '../../src/kernel';
import type { HypervisorProvider } from '../../src/providers/contract';
import { retryQuickly } from '../support/retry-quickly';
import { expectSettled } from './invariants';
import { ADMIN, WorkflowStage } from './stage';

beforeEach(retryQuickly);

const STAGED = { asynchronous: true, operationMs: 5, stagedCreation: true } as const;

/** What `WorkflowStage.createVm` asks for; a VM of the first stage alone is smaller. */
const AS_ASKED = { lifecycle: 'ACTIVE', powerState: 'POWERED_ON', memoryMib: 512 };

type Fault = (stage: WorkflowStage) => void;

async function withStage(
  use: (stage: WorkflowStage) => Promise<void>,
  wrap?: (provider: HypervisorProvider) => Partial<HypervisorProvider>,
  operationMs: number = STAGED.operationMs,
): Promise<void> {
  const stage = await WorkflowStage.open({
    backend: { ...STAGED, operationMs },
    ...(wrap ? { wrap: (provider) => overridden(provider, wrap(provider)) } : {}),
  });
  try {
    await use(stage);
  } finally {
    await stage.close();
  }
}

function overridden(
  provider: HypervisorProvider,
  overrides: Partial<HypervisorProvider>,
): HypervisorProvider {
  return new Proxy(provider, {
    get: (target, name: keyof HypervisorProvider) => {
      if (name in overrides) return overrides[name];
      const member: unknown = target[name];
      return typeof member === 'function' ? (member.bind(target) as unknown) : member;
    },
  });
}

/** Calls `act` once, when the first stage has ended and nobody has been told yet. */
function afterFirstStage(
  provider: HypervisorProvider,
  act: () => Promise<void>,
): Partial<HypervisorProvider> {
  let acted = false;
  return {
    pollOperation: async (operation, context) => {
      const progress = await provider.pollOperation<never>(operation, context);
      if (progress.state === 'CONTINUE' && !acted) {
        acted = true;
        await act();
      }
      return progress;
    },
  };
}

function creations(stage: WorkflowStage): number {
  return stage.calls.filter((call) => call === 'createVm').length;
}

describe('a creation of two stages', () => {
  test('goes through both', async () => {
    await withStage(async (stage) => {
      stage.engine();
      const { vmId, taskId } = await stage.createVm();
      expect(await stage.ended(taskId)).toMatchObject({ status: 'SUCCEEDED', attempts: 1 });
      expect(await stage.vm(vmId)).toMatchObject(AS_ASKED);
      expect(creations(stage)).toBe(2);
      await expectSettled(stage);
    });
  });

  const passing: Readonly<Record<string, Fault>> = {
    'is refused for now': ({ backend }) =>
      backend.failNext('createVm', new AppError('UNAVAILABLE', 'The backend cannot be reached.')),
    'loses its reply': ({ backend }) => backend.loseNextReply('createVm'),
    'begins work that is lost': ({ backend }) => backend.loseNextOperation('createVm'),
    'fails late for now': ({ backend }) => backend.failNextLate('createVm', 'UNAVAILABLE'),
  };

  test.each(Object.entries(passing))('comes to its end though the second %s', async (_fault, order) => {
    let opened: WorkflowStage | null = null;
    const use = async (stage: WorkflowStage): Promise<void> => {
      opened = stage;
      stage.engine();
      const { vmId, taskId } = await stage.createVm();
      expect(await stage.ended(taskId)).toMatchObject({ status: 'SUCCEEDED', error: null });
      expect(await stage.vm(vmId)).toMatchObject(AS_ASKED);
      await expectSettled(stage);
    };
    await withStage(use, (provider) =>
      afterFirstStage(provider, async () => {
        if (opened) order(opened);
      }),
    );
  });

  test('leaves nothing when the second fails for good', async () => {
    let opened: WorkflowStage | null = null;
    const use = async (stage: WorkflowStage): Promise<void> => {
      opened = stage;
      stage.engine();
      const { taskId } = await stage.createVm();
      expect(await stage.ended(taskId)).toMatchObject({
        status: 'FAILED',
        error: { code: 'RESOURCE_EXHAUSTED' },
      });
      expect([...stage.backend.vms(), ...stage.backend.leftovers()]).toEqual([]);
      await expectSettled(stage);
    };
    await withStage(use, (provider) =>
      afterFirstStage(provider, async () => opened?.backend.failNextLate('createVm')),
    );
  });

  test('is carried on by another worker, which does not repeat the first', async () => {
    const use = async (stage: WorkflowStage): Promise<void> => {
      const first = stage.engine();
      const { vmId, taskId } = await stage.createVm();
      await stage.until(taskId, ({ message }) => message === 'The backend is at work.');
      await first.stop(0);
      expect(creations(stage)).toBe(1);
      stage.engine();
      expect(await stage.ended(taskId)).toMatchObject({ status: 'SUCCEEDED' });
      expect(await stage.vm(vmId)).toMatchObject(AS_ASKED);
      expect(creations(stage)).toBe(2);
      await expectSettled(stage);
    };
    await withStage(use, undefined, 400);
  });

  test('fails, and leaves nothing, where the stages never end', async () => {
    const endless = { type: 'endless', ref: 'endless' };
    const use = async (stage: WorkflowStage): Promise<void> => {
      stage.engine();
      const { vmId, taskId } = await stage.createVm();
      expect(await stage.ended(taskId)).toMatchObject({ status: 'FAILED', error: { code: 'INTERNAL' } });
      expect(await stage.nouns.services.vms.get(ADMIN, vmId)).toMatchObject({ lifecycle: 'ERROR' });
      expect(stage.backend.vms()).toEqual([]);
      await expectSettled(stage);
    };
    await withStage(use, (provider) => ({
      createVm: async (spec, context) => {
        await provider.createVm(spec, context);
        return { state: 'ACCEPTED', operation: endless, pollAfterMs: 1 };
      },
      pollOperation: async (operation, context) =>
        operation.type === endless.type ? { state: 'CONTINUE' } : provider.pollOperation(operation, context),
    }));
  });
});

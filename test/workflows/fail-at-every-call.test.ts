import { AppError } from '../../src/kernel';
import type { MemoryConfigInput } from '../../src/providers/memory';
import type { Task } from '../../src/tasks';
import { retryQuickly } from '../support/retry-quickly';
import { expectSettled } from './invariants';
import { ADMIN, WorkflowStage } from './stage';
import type { Method } from './stage';

beforeEach(retryQuickly);

const HYPERVISOR: MemoryConfigInput = {};
/** Finds what it made by listing only, so that whoever asks too early gets a second one. */
const CLOUD: MemoryConfigInput = {
  ...{ asynchronous: true, operationMs: 5, listingLagMs: 120, idempotencyKey: false, startsOnCreate: true },
};
const STAGES: MemoryConfigInput = { asynchronous: true, operationMs: 5, stagedCreation: true };
const STOPS_FOR_CHANGES: MemoryConfigInput = { capabilities: { resizeCpu: 'WHEN_STOPPED' } };

const MODES: Readonly<Record<string, readonly [MemoryConfigInput, readonly string[]]>> = {
  'a hypervisor that answers when it is done': [HYPERVISOR, ['CREATE_VM', 'CREATE_NETWORK', 'DELETE_VM']],
  'a cloud that answers early and lists late': [
    CLOUD,
    ['CREATE_VM', 'CREATE_NETWORK', 'RESIZE_VM while it runs', 'DELETE_VM'],
  ],
  'a cloud that creates in two stages': [STAGES, ['CREATE_VM']],
  'a hypervisor that has to stop a VM for a change': [STOPS_FOR_CHANGES, ['RESIZE_VM']],
};

type Act = (stage: WorkflowStage) => Promise<string>;

interface Operation {
  /** What has to be there first. */
  readonly prepare: (stage: WorkflowStage) => Promise<string>;
  readonly act: (stage: WorkflowStage, subject: string) => Promise<string>;
  /** Every call of the backend that it may make. */
  readonly calls: readonly Method[];
}

const nothing: Act = async () => '';
const RESIZE: Operation = {
  prepare: (stage) => stage.runningVm(),
  act: async (stage, id) => {
    const size = { cpuCount: 4, memoryMib: null, diskGib: null, allowRestart: true };
    return (await stage.nouns.services.vmOperations.resize(ADMIN, { id, ...size })).task.id;
  },
  calls: ['getVm', 'stopVm', 'resizeVm', 'startVm'],
};

const OPERATIONS: Readonly<Record<string, Operation>> = {
  CREATE_VM: {
    prepare: nothing,
    act: async (stage) => (await stage.createVm()).taskId,
    calls: ['resolveImage', 'createVm', 'startVm', 'getVm'],
  },
  CREATE_NETWORK: {
    prepare: nothing,
    act: async (stage) => (await stage.createNetwork()).taskId,
    calls: ['probe', 'createNetwork'],
  },
  RESIZE_VM: RESIZE,
  'RESIZE_VM while it runs': { ...RESIZE, calls: ['getVm', 'resizeVm'] },
  DELETE_VM: {
    prepare: (stage) => stage.runningVm(),
    act: async (stage, id) => (await stage.nouns.services.vmOperations.delete(ADMIN, { id })).task.id,
    calls: ['deleteVm'],
  },
};

const FOR_GOOD = new AppError('FAILED_PRECONDITION', 'The backend refuses the gateway.');
const FOR_NOW = new AppError('UNAVAILABLE', 'The backend cannot be reached.');

const FAULTS: Readonly<Record<string, (stage: WorkflowStage, method: Method) => void>> = {
  'is refused for now': (stage, method) => stage.backend.failNext(method as never, FOR_NOW),
  'is refused for good': (stage, method) => stage.backend.failNext(method as never, FOR_GOOD),
  'loses its reply': (stage, method) => stage.backend.loseNextReply(method as never),
  'ends late in a failure that may pass': (stage, method) =>
    stage.backend.failNextLate(method as never, 'UNAVAILABLE'),
  'ends late in a failure that stays': (stage, method) => stage.backend.failNextLate(method as never),
  'begins work that is lost': (stage, method) => stage.backend.loseNextOperation(method as never),
};

const READS: readonly Method[] = ['probe', 'resolveImage', 'getVm'];

function faultsOf(method: Method): string[] {
  return Object.keys(FAULTS).filter((fault) => fault.startsWith('is refused') || !READS.includes(method));
}

describe.each(Object.entries(MODES))('on %s', (_mode, [backend, operations]) => {
  describe.each(operations)('%s', (name) => {
    const { prepare, act, calls } = OPERATIONS[name]!;
    const cases = calls.flatMap((method) => faultsOf(method).map((fault) => [method, fault] as const));

    test.each(cases)('leaves everything in order when %s %s', async (method, fault) => {
      const stage = await WorkflowStage.open({ backend });
      try {
        stage.engine();
        const subject = await prepare(stage);
        FAULTS[fault]!(stage, method);
        const task = await stage.ended(await act(stage, subject));
        expectFittingEnd(task, fault, stage.calls.includes(method));
        await expectSettled(stage);
      } finally {
        await stage.close();
      }
    });
  });
});

/** Only what stays may make an operation fail, and only where it was met. */
function expectFittingEnd(task: Task, fault: string, wasCalled: boolean): void {
  if (!wasCalled || !/good|stays/.test(fault))
    expect(task).toMatchObject({ status: 'SUCCEEDED', error: null });
  else if (fault.includes('good'))
    expect(task).toMatchObject({ status: 'FAILED', error: { code: FOR_GOOD.code } });
  if (task.status === 'FAILED') expect(task.message).not.toContain('cleaning up did not finish');
}

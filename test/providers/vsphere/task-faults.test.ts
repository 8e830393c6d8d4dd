import type { ErrorCode } from '../../../src/kernel';
import { contextOf } from '../../conformance/recording-context';
import { expectCode } from '../../conformance/error-codes';
import { settle } from '../../conformance/settle';
import { MUTATIONS } from './mutations';
import type { Mutation } from './mutations';
import { TroubledVcenter } from './trouble';

/** Null where the mutation looks again and then succeeds. */
const CODES: Readonly<Record<string, ErrorCode | null>> = {
  DuplicateName: null,
  FileLocked: 'UNAVAILABLE',
  GenericVmConfigFault: 'FAILED_PRECONDITION',
  HostNotConnected: 'UNAVAILABLE',
  InsufficientMemoryResourcesFault: 'RESOURCE_EXHAUSTED',
  InvalidDeviceSpec: 'INVALID_ARGUMENT',
  InvalidPowerState: null,
  NoDiskSpace: 'RESOURCE_EXHAUSTED',
  // Of the gateway, not of whoever asks it.
  NoPermission: 'FAILED_PRECONDITION',
  RequestCanceled: 'FAILED_PRECONDITION',
  SomethingOfTheNextVersion: 'INTERNAL',
  TaskInProgress: 'UNAVAILABLE',
  Timedout: 'DEADLINE_EXCEEDED',
  VmConfigFault: 'INVALID_ARGUMENT',
};

describe('a task of vSphere that fails', () => {
  let world: TroubledVcenter;

  beforeAll(async () => {
    world = await TroubledVcenter.start();
  });

  afterAll(async () => {
    await world.close();
  });

  const failing = Object.entries(CODES).map(([fault, code]) => ({ fault, code }));

  it.each(failing)('$fault ends a creation with $code, and nothing is left', async ({ fault, code }) => {
    const before = await world.inventory();
    for (const task of ['CloneVM_Task', 'ReconfigVM_Task']) {
      const spec = world.vmSpec();
      world.server.simulator.control.failNextTask(task, fault);
      const create = () => world.calm.createVm(spec, contextOf());
      const creation = settle(world.calm, contextOf(), 10_000, create);
      if (code === null) expect(await creation).toMatchObject({ marker: spec.marker });
      else await expectCode(creation, code);
      const ref = { externalId: '', marker: spec.marker };
      await world.settle((provider) => provider.deleteVm(ref, contextOf()));
      expect(await world.inventory()).toEqual(before);
    }
  });

  it.each(failing)('$fault ends a start with $code, and the VM is as it was', async ({ fault, code }) => {
    const ref = await world.vm();
    world.server.simulator.control.failNextTask('PowerOnVM_Task', fault);
    const start = settle(world.calm, contextOf(), 10_000, () => world.calm.startVm(ref, contextOf()));
    if (code === null) expect(await start).toMatchObject({ powerState: 'POWERED_ON' });
    else await expectCode(start, code);
    const powerState = code === null ? 'POWERED_ON' : 'POWERED_OFF';
    expect(await world.calm.getVm(ref, contextOf())).toMatchObject({ powerState });
    await world.settle((provider) => provider.deleteVm(ref, contextOf()));
  });
});

describe('a task that vSphere forgets', () => {
  it.concurrent.each(MUTATIONS)('$name reaches its target by repetition', async (mutation) => {
    for (const when of ['BEFORE_WORK_IS_DONE', 'AFTER_WORK'] as const) await forgetEach(mutation, when);
  });
});

/** Forgets each kind of task that the mutation begins, one after the other; the kinds are those of an undisturbed run. */
async function forgetEach(
  { prepare, config }: Mutation,
  when: 'BEFORE_WORK_IS_DONE' | 'AFTER_WORK',
): Promise<void> {
  const world = await TroubledVcenter.start({}, config);
  try {
    const prepareOne = await prepare(world);
    const before = await world.inventory();
    const run = async (): Promise<void> => {
      const attempt = await prepareOne();
      world.arm(() => null);
      if (lost !== null) world.server.simulator.control.loseNextTask(lost, when);
      await world.persist(attempt.run);
      await attempt.verify();
      await attempt.clean();
      expect(await world.inventory()).toEqual(before);
    };
    let lost: string | null = null;
    await run();
    for (lost of new Set(world.calls.filter((method) => method.endsWith('_Task')))) await run();
  } finally {
    await world.close();
  }
}

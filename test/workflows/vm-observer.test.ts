import { AppError } from '../../src/kernel';
import type { VmObservation } from '../../src/providers/contract';
import type { Vm } from '../../src/vms/vm';
import { recordObservation } from '../../src/vms/vm-observation';
import { retryQuickly } from '../support/retry-quickly';
import { expectSettled } from './invariants';
import { ADMIN, WorkflowStage } from './stage';

describe('what is recorded of a VM', () => {
  let stage: WorkflowStage;
  let vmId: string;

  beforeEach(async () => {
    stage = await WorkflowStage.open({ backend: { guestBootMs: 0 } });
    stage.engine();
    vmId = await stage.runningVm();
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    await stage.close();
  });

  /** Waits for the event that tells of it. */
  async function untilRecorded(fits: (vm: Vm) => boolean): Promise<void> {
    for (;;) {
      const { head } = stage.feed;
      if (fits(await stage.vm(vmId))) return;
      await stage.feed.beyond(head, AbortSignal.timeout(5_000));
    }
  }

  const externalId = async (): Promise<string> => (await stage.vm(vmId)).externalId ?? '';

  test('follows what happens behind our back', async () => {
    stage.backend.powerOff(await externalId());
    await untilRecorded(({ powerState }) => powerState === 'POWERED_OFF');
    stage.backend.changeBehindBack(await externalId(), { cpuCount: 7 });
    await untilRecorded(({ cpuCount }) => cpuCount === 7);
    stage.backend.destroy(await externalId());
    await untilRecorded(({ powerState }) => powerState === 'UNKNOWN');
    expect(await stage.vm(vmId)).toMatchObject({ lifecycle: 'ACTIVE' });
  });

  test('follows a name given behind our back, and frees the old one', async () => {
    stage.backend.rename(await externalId(), 'renamed');
    await untilRecorded(({ name }) => name === 'renamed');
    expect(await stage.ended((await stage.createVm([], 'vm')).taskId)).toMatchObject({ status: 'SUCCEEDED' });
    await expect(stage.createVm([], 'renamed')).rejects.toMatchObject({ code: 'ALREADY_EXISTS' });
  });

  test.each([
    ['is taken', 'taken'],
    ['our rules refuse', 'two words'],
    ['is too long', 'x'.repeat(64)],
  ])('keeps its name where the new one %s, and records the rest', async (_why, name) => {
    const other = await stage.createVm([], 'taken');
    await stage.ended(other.taskId);
    stage.backend.changeBehindBack(await externalId(), { name, cpuCount: 9 });
    await untilRecorded(({ cpuCount }) => cpuCount === 9);
    expect(await stage.vm(vmId)).toMatchObject({ name: 'vm' });
    await expectSettled(stage);
    if (name !== 'taken') return;
    // The next observation tries again.
    const deletion = await stage.nouns.services.vmOperations.delete(ADMIN, { id: other.vmId });
    await stage.ended(deletion.task.id);
    stage.backend.changeBehindBack(await externalId(), { cpuCount: 10 });
    await untilRecorded(({ cpuCount }) => cpuCount === 10);
    expect(await stage.vm(vmId)).toMatchObject({ name: 'taken' });
  });

  test('keeps its name, and the rest of the observation, where another one takes it meanwhile', async () => {
    await stage.ended((await stage.createVm([], 'raced')).taskId);
    // As if that creation had committed right after the look.
    const looked = jest.spyOn(stage.nouns.stores.vms, 'isNameTaken').mockResolvedValue(false);
    stage.backend.changeBehindBack(await externalId(), { name: 'raced', cpuCount: 9 });
    await untilRecorded(({ cpuCount }) => cpuCount === 9);
    expect(await stage.vm(vmId)).toMatchObject({ name: 'vm' });
    expect(looked).toHaveBeenCalled();
    await expectSettled(stage);
  });

  test('keeps the name that was asked for while it is being made', async () => {
    retryQuickly();
    const [seen] = stage.backend.vms();
    stage.backend.setUnavailable(true);
    const { vmId: askedId, taskId } = await stage.createVm([], 'asked');
    const { vms, networks } = stage.nouns.stores;
    await stage.database.transaction((session) =>
      recordObservation({ store: vms, networks, quotas: stage.nouns.services.ledger }, session, askedId, {
        ...seen!,
        name: 'other',
      }),
    );
    expect(await stage.vm(askedId)).toMatchObject({ lifecycle: 'PROVISIONING', name: 'asked' });
    stage.backend.setUnavailable(false);
    expect(await stage.ended(taskId)).toMatchObject({ status: 'SUCCEEDED' });
    expect(await stage.vm(askedId)).toMatchObject({ name: 'asked' });
  });

  test('ignores an observation that is older than the last', async () => {
    const before = await stage.vm(vmId);
    const [now] = stage.backend.vms();
    const record = (observed: VmObservation): Promise<void> => {
      const { vms, networks } = stage.nouns.stores;
      return stage.database.transaction((session) =>
        recordObservation(
          { store: vms, networks, quotas: stage.nouns.services.ledger },
          session,
          vmId,
          observed,
        ),
      );
    };
    const observedAt = before.observedAt ?? 0;
    await record({ ...now!, powerState: 'POWERED_OFF', observedAt: observedAt - 1 });
    expect(await stage.vm(vmId)).toEqual(before);
    await record({ ...now!, observedAt: observedAt + 10 });
    // Heard of, but no news: nothing to tell anybody.
    expect(await stage.vm(vmId)).toEqual({ ...before, observedAt: observedAt + 10 });
    await record({ ...now!, powerState: 'POWERED_OFF', observedAt: observedAt + 20 });
    expect(await stage.vm(vmId)).toMatchObject({ powerState: 'POWERED_OFF', revision: before.revision + 1 });
  });

  test('catches up with everything that was missed while the backend could not be reached', async () => {
    const id = await externalId();
    stage.backend.setUnavailable(true);
    stage.backend.powerOff(id);
    expect(await stage.vm(vmId)).toMatchObject({ powerState: 'POWERED_ON' });
    stage.backend.setUnavailable(false);
    await untilRecorded(({ powerState }) => powerState === 'POWERED_OFF');
    await expectSettled(stage);
  });

  test('a late word of a VM whose creation was taken back does not bring it back', async () => {
    const [seen] = stage.backend.vms();
    stage.backend.failNext('startVm', new AppError('PERMISSION_DENIED', 'No.'));
    const { vmId: failedId, taskId } = await stage.createVm([], 'failing');
    expect(await stage.ended(taskId)).toMatchObject({ status: 'FAILED' });
    const failed = await stage.vm(failedId);
    const late: VmObservation = {
      ...seen!,
      externalId: 'vm-of-before',
      marker: { ...seen!.marker!, objectId: failedId, operationId: taskId },
      observedAt: (failed.observedAt ?? 0) - 1,
    };
    const { vms, networks } = stage.nouns.stores;
    await stage.database.transaction((session) =>
      recordObservation(
        { store: vms, networks, quotas: stage.nouns.services.ledger },
        session,
        failedId,
        late,
      ),
    );
    expect(failed.observedAt).not.toBeNull();
    expect(await stage.vm(failedId)).toEqual(failed);
  });
});

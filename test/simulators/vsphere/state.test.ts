import { copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MoRef } from '../../../src/simulators/vsphere/vim/values';
import { ModelHarness, plain } from './model-harness';

describe('the state file', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'vsphere-state-'))));
  afterEach(() => rmSync(folder, { recursive: true }));
  const options = () => ({ vms: 3, stateFile: join(folder, 'state.json') });
  const picture = (vc: ModelHarness) =>
    vc.store
      .ofType('VirtualMachine')
      .map(({ ref, properties }) => [
        ref,
        Object.fromEntries([...properties].map(([name, value]) => [name, plain(value)])),
      ]);

  test('after a restart everything is as it was, and the file is alone', async () => {
    const before = ModelHarness.start(options());
    const vm = before.named('VirtualMachine', 'vm-0001');
    await before.run(vm, 'ReconfigVM_Task', {
      spec: { numCPUs: 2, extraConfig: [{ key: 'k', value: 'v' }] },
    });
    await before.run(vm, 'CreateSnapshot_Task', { name: 's', memory: false, quiesce: false });
    await before.close();
    const after = ModelHarness.start(options());
    expect(picture(after)).toEqual(picture(before));
    expect(after.model.instanceUuid).toBe(before.model.instanceUuid);
    expect(readdirSync(folder)).toEqual(['state.json']);
    await after.close();
  });

  test('a reference is never given out again, also not that of what was removed', async () => {
    const before = ModelHarness.start(options());
    const folderRef = before.named('Folder', 'vm');
    const made = before.call(folderRef, 'CreateFolder', { name: 'x' }) as MoRef;
    await before.run(made, 'Destroy_Task');
    await before.close();
    const after = ModelHarness.start(options());
    const next = after.call(folderRef, 'CreateFolder', { name: 'y' }) as MoRef;
    expect(next.value).not.toBe(made.value);
    await after.close();
  });

  test('a task that was running ends in error, and half a clone is gone', async () => {
    const before = ModelHarness.start({ ...options(), taskMs: 100_000 });
    const task = before.call(before.named('VirtualMachine', 'tiny'), 'CloneVM_Task', {
      folder: before.named('Folder', 'vm'),
      name: 'half',
      spec: { location: { pool: before.named('ResourcePool', 'Resources') } },
    }) as MoRef;
    await before.close();
    const after = ModelHarness.start(options());
    expect(await after.end(task)).toMatchObject({ state: 'error', fault: 'SystemError' });
    expect(() => after.named('VirtualMachine', 'half')).toThrow('There is no');
    await after.close();
  });

  test('its first writing and one that a task asks for meanwhile do not disturb each other', async () => {
    const errors: unknown[] = [];
    const onError = (error: unknown): void => void errors.push(error);
    const vc = ModelHarness.start({ ...options(), vms: 300 }, { onError });
    const vm = vc.named('VirtualMachine', 'vm-0001');
    const ended = vc.run(vm, 'ReconfigVM_Task', { spec: { numCPUs: 2 } });
    for (let round = 0; round < 3; round += 1) await vc.model.open();
    expect(await ended).toMatchObject({ state: 'success' });
    await vc.close();
    expect(errors).toEqual([]);
    expect(readdirSync(folder)).toEqual(['state.json']);
  });

  /** Dies as by SIGKILL: what its last moments write does not count. */
  async function die(vc: ModelHarness): Promise<void> {
    const kept = join(folder, 'kept.json');
    if (existsSync(options().stateFile)) copyFileSync(options().stateFile, kept);
    await vc.close();
    rmSync(options().stateFile);
    if (existsSync(kept)) copyFileSync(kept, options().stateFile);
  }

  test('a task has ended well only when its work is in the file', async () => {
    const before = ModelHarness.start(options());
    const vm = before.named('VirtualMachine', 'vm-0001');
    expect((await before.run(vm, 'PowerOnVM_Task')).state).toBe('success');
    await die(before);
    const after = ModelHarness.start(options());
    expect(after.read(vm, 'runtime.powerState')).toBe('poweredOn');
    await after.close();
  });

  test('a reference that was not in the file yet is never given out again either', async () => {
    const before = ModelHarness.start(options());
    const vm = before.named('VirtualMachine', 'vm-0001');
    await before.run(vm, 'PowerOnVM_Task');
    const unwritten = before.call(vm, 'PowerOffVM_Task') as MoRef;
    await die(before);
    const after = ModelHarness.start(options());
    expect(after.store.get(unwritten)).toBeNull();
    const next = after.call(vm, 'PowerOffVM_Task') as MoRef;
    expect(next.value).not.toBe(unwritten.value);
    await after.close();
  });

  test('a file that is none of ours is refused', () => {
    writeFileSync(options().stateFile, '{"format":9}');
    expect(() => ModelHarness.start(options())).toThrow('cannot be read');
  });
});

describe('tasks after their end', () => {
  test('are forgotten everywhere', async () => {
    const vc = ModelHarness.start({ vms: 2, taskRetentionMs: 1 });
    const vm = vc.named('VirtualMachine', 'vm-0001');
    const task = vc.call(vm, 'PowerOnVM_Task') as MoRef;
    await vc.until(() => vc.store.get(task) === null);
    expect(vc.read(vm, 'recentTask')).toEqual([]);
    expect(vc.read({ $ref: 'TaskManager', value: 'TaskManager' }, 'recentTask')).toEqual([]);
    await vc.close();
  });

  test('fail by chance when the options say so', async () => {
    const vc = ModelHarness.start({ vms: 2, taskFaults: { fail: 1, faultType: 'HostCommunication' } });
    const vm = vc.named('VirtualMachine', 'vm-0001');
    expect((await vc.run(vm, 'PowerOnVM_Task')).fault).toBe('HostCommunication');
    expect(vc.read(vm, 'runtime.powerState')).toBe('poweredOff');
    await vc.close();
  });
});

describe('behind the back', () => {
  test('another client switches off, renames and destroys', async () => {
    const vc = ModelHarness.start({ vms: 2 });
    const vm = vc.named('VirtualMachine', 'vm-0000');
    vc.model.control.powerOffBehindBack(vm);
    expect(vc.read(vm, 'runtime.powerState')).toBe('poweredOff');
    vc.model.control.renameBehindBack(vm, 'other');
    expect(vc.read(vm, 'summary.config.name')).toBe('other');
    vc.model.control.destroyBehindBack(vm);
    expect(vc.store.get(vm)).toBeNull();
    await vc.close();
  });
});

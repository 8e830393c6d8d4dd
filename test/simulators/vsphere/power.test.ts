import { ModelHarness, faultOf } from './model-harness';

describe('the power of a machine', () => {
  let vc: ModelHarness;
  beforeEach(() => (vc = ModelHarness.start({ vms: 2 })));
  afterEach(() => vc.close());
  const running = () => vc.named('VirtualMachine', 'vm-0000');
  const stopped = () => vc.named('VirtualMachine', 'vm-0001');

  test('a task goes from queued to success, and the guest comes up after it', async () => {
    const vm = stopped();
    const task = vc.call(vm, 'PowerOnVM_Task') as never;
    expect(vc.read(task, 'info.state')).toBe('queued');
    expect(vc.read(vm, 'recentTask')).toEqual([task]);
    const end = await vc.end(task);
    expect(end.state).toBe('success');
    expect(vc.read(vm, 'runtime.powerState')).toBe('poweredOn');
    expect(vc.read(vm, 'summary.runtime.powerState')).toBe('poweredOn');
    await vc.until(() => vc.read(vm, 'guest.toolsRunningStatus') === 'guestToolsRunning');
    expect(vc.read(vm, 'guest.ipAddress')).toMatch(/^10\.\d+\.\d+\.\d+$/);
    expect(vc.read(vm, 'guest.hostName')).toBe('vm-0001');
    expect(vc.read(vm, 'summary.guest.ipAddress')).toBe(vc.read(vm, 'guest.ipAddress'));
  });

  test('progress grows while it runs', async () => {
    const slow = ModelHarness.start({ vms: 2, taskMs: 250, taskJitter: 0 });
    const vm = slow.named('VirtualMachine', 'vm-0001');
    const task = slow.call(vm, 'PowerOnVM_Task') as never;
    const seen: unknown[] = [];
    const stop = slow.store.onChange(() => seen.push(slow.read(task, 'info.progress')));
    await slow.end(task);
    stop();
    const numbers = seen.filter((one): one is number => typeof one === 'number');
    expect(new Set(numbers).size).toBeGreaterThan(5);
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
    await slow.close();
  });

  test('the wrong state is the error of the task, not of the call', async () => {
    const end = await vc.run(running(), 'PowerOnVM_Task');
    expect(end).toMatchObject({ state: 'error', fault: 'InvalidPowerState' });
    expect((await vc.run(stopped(), 'PowerOffVM_Task')).fault).toBe('InvalidPowerState');
    expect((await vc.run(stopped(), 'SuspendVM_Task')).fault).toBe('InvalidPowerState');
  });

  test('a second task on the same machine meets TaskInProgress, which names the first', async () => {
    const vm = stopped();
    const first = vc.call(vm, 'PowerOnVM_Task') as never;
    const second = await vc.run(vm, 'ReconfigVM_Task', { spec: { numCPUs: 2 } });
    expect(second.fault).toBe('TaskInProgress');
    expect(vc.read(second.info['task'] as never, 'info.error.fault.task')).toEqual(first);
    expect((await vc.end(first)).state).toBe('success');
    expect(vc.read(vm, 'config.hardware.numCPU')).toBe(1);
  });

  test('a guest shuts down and reboots by itself, and not without its tools', async () => {
    const vm = running();
    const booted = vc.read(vm, 'runtime.bootTime');
    vc.call(vm, 'RebootGuest');
    await vc.until(() => vc.read(vm, 'runtime.bootTime') !== booted);
    expect(faultOf(() => vc.call(vm, 'ShutdownGuest'))).toBe('ToolsUnavailable');
    await vc.until(() => vc.read(vm, 'guest.toolsRunningStatus') === 'guestToolsRunning');
    vc.call(vm, 'ShutdownGuest');
    await vc.until(() => vc.read(vm, 'runtime.powerState') === 'poweredOff');
    expect(vc.read(vm, 'runtime.bootTime')).toBeUndefined();
    expect(faultOf(() => vc.call(vm, 'ShutdownGuest'))).toBe('InvalidPowerState');
  });

  test('suspending takes room on the datastore, and resuming gives it back', async () => {
    const vm = running();
    const [store] = vc.read(vm, 'datastore') as never[];
    const free = vc.read(store!, 'summary.freeSpace') as number;
    await vc.run(vm, 'SuspendVM_Task');
    expect(vc.read(vm, 'runtime.powerState')).toBe('suspended');
    expect(vc.read(store!, 'summary.freeSpace')).toBe(free - 1024 ** 3);
    await vc.run(vm, 'PowerOnVM_Task');
    expect(vc.read(store!, 'summary.freeSpace')).toBe(free);
  });

  test('a full cluster starts nothing more', async () => {
    const small = ModelHarness.start({ vms: 4, hosts: 1, hostMemoryMib: 3072 });
    const [second, fourth] = ['vm-0001', 'vm-0003'].map((name) => small.named('VirtualMachine', name));
    expect((await small.run(second!, 'PowerOnVM_Task')).state).toBe('success');
    expect((await small.run(fourth!, 'PowerOnVM_Task')).fault).toBe('InsufficientMemoryResourcesFault');
    await small.close();
  });

  test('a change tells the paths that changed and no others', async () => {
    const vm = stopped();
    const before = vc.store.version;
    await vc.run(vm, 'PowerOnVM_Task');
    const paths = vc.store
      .changesSince(before)!
      .flatMap((change) => (change.kind === 'MODIFY' && change.ref.value === vm.value ? change.paths : []));
    expect(paths).toContain('runtime.powerState');
    expect(paths).toContain('summary.runtime.powerState');
    expect(paths.filter((path) => path.startsWith('config'))).toEqual([]);
  });
});

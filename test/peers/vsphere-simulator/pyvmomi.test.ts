import { SimulatedVcenter } from '../support/simulated-vcenter';
import type { MachineRecord } from '../support/simulated-vcenter';

jest.setTimeout(120_000);

/** What a client is to see of it. */
function expected({ name, uuid, template, powerState, hardware }: MachineRecord): object {
  const { cpuCount, memoryMib, devices } = hardware;
  const valuesOf = (kind: string, field: 'capacityBytes' | 'macAddress') =>
    devices.filter((one) => one.kind === kind).map((one) => one[field]);
  return {
    name,
    uuid,
    template,
    power: powerState,
    cpus: cpuCount,
    memoryMib,
    summary: [cpuCount, memoryMib],
    disks: valuesOf('DISK', 'capacityBytes'),
    cards: valuesOf('CARD', 'macAddress'),
  };
}

describe('pyvmomi and the simulated vCenter', () => {
  let vcenter: SimulatedVcenter;

  beforeAll(async () => {
    vcenter = await SimulatedVcenter.start();
  });

  afterAll(async () => {
    await vcenter.stop();
  });

  test('sees every VM as it is, also after a restart', async () => {
    const records = [...(await vcenter.machines())].sort((a, b) => (a.name < b.name ? -1 : 1));
    const { about, machines } = await vcenter.python('machines');
    expect(about).toBe('VirtualCenter');
    expect(records.length).toBe(9);
    expect(machines).toMatchObject(records.map(expected));
    for (const { name, power, template, guest, path, host, cluster } of machines) {
      expect({ name, addresses: guest.addresses.length > 0 }).toEqual({ name, addresses: guest.running });
      expect({ name, runs: guest.running && power !== 'poweredOn' }).toEqual({ name, runs: false });
      expect({ path, cluster }).toEqual({ path: `DC0/vm/${name}`, cluster: template ? null : 'DC0_C0' });
      expect(host).toMatch(/^dc0-c0-h\d/);
    }

    const before = machines.map(({ guest: _booting, ...rest }: { guest: object }) => rest);
    await vcenter.peer.run('kill');
    await vcenter.peer.run('start');
    expect((await vcenter.python('machines')).machines).toMatchObject(before);
  });

  test('takes a VM through its life, and watches the task that makes it', async () => {
    const seen = await vcenter.python('life');
    const { progress, states } = seen.clone;
    expect(progress).toEqual([...new Set<number>(progress)].sort((a, b) => a - b));
    expect(progress.length).toBeGreaterThan(2);
    expect(progress.at(-1)).toBeLessThanOrEqual(100);
    expect(states.at(-1)).toBe('success');
    expect(seen.clone).toMatchObject({ entity: 'debian-12', user: 'user', isInFolder: true });
    expect(seen.powerOn).toEqual({ ended: 'success', power: 'poweredOn' });
    expect(seen.reconfigure).toEqual({
      annotation: 'of python',
      marks: ['a < b & "c"\té\n'],
      disksGib: [8, 2],
      isNewVersion: true,
    });
    expect(seen.snapshot).toEqual({ names: ['before'], power: 'poweredOff', isCurrent: true, left: null });
    expect(seen.resize).toEqual([2, 2048, 2]);
    // As vCenter does, it shows the characters escaped that separate the names of a path.
    expect(seen.rename).toEqual(['made by python: 50%25 of <a> & "b"', 'renamed%2fby python']);
    expect(seen.destroy).toEqual({
      names: (await vcenter.machines()).map(({ name }) => name).sort(),
      fault: 'ManagedObjectNotFound',
    });
    expect(seen.destroy.names).not.toContain(seen.rename[1]);
  });

  test('learns why it is refused: from the task that it began, or at once', async () => {
    const taskError = (fault: string) => ({ state: 'error', fault, raised: fault, hasMessage: true });
    expect(await vcenter.python('refusals')).toEqual({
      powerOn: taskError('InvalidPowerState'),
      powerStates: ['poweredOn', 'poweredOn'],
      powerOff: taskError('InvalidPowerState'),
      destroyRunning: taskError('InvalidPowerState'),
      powerOnTemplate: taskError('NotSupported'),
      renameToTaken: taskError('DuplicateName'),
      cloneToTaken: taskError('DuplicateName'),
      shrinkDisk: taskError('InvalidDeviceOperation'),
      busy: ['TaskInProgress', true],
      duplicateFolder: ['twice', 'twice'],
      emptyName: 'InvalidName',
      shutDownStopped: 'InvalidPowerState',
      unknownMethod: 'MethodNotFound',
      unknownObject: 'ManagedObjectNotFound',
    });
  });

  test('gets in with the right password only, and again after its session was ended', async () => {
    expect(await vcenter.python('sessions')).toEqual({
      wrongPassword: 'InvalidLogin',
      unknownAuthority: true,
      userName: 'user',
      secondLogin: 'InvalidLogin',
      listed: true,
      active: true,
      activeAfterwards: false,
      terminateAgain: 'NotFound',
      lost: {
        property: 'NotAuthenticated',
        method: 'NotAuthenticated',
        view: 'ManagedObjectNotFound',
        about: 'VirtualCenter',
        currentSession: null,
      },
      again: { isNew: true, datacenters: ['DC0'], view: 'ManagedObjectNotFound' },
      loggedOut: 'NotAuthenticated',
    });
  });
});

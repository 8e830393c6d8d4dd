import { SimulatedVcenter } from '../support/simulated-vcenter';

jest.setTimeout(120_000);

describe('govmomi and the simulated vCenter', () => {
  let vcenter: SimulatedVcenter;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  let seen: any;
  let names: readonly string[];

  beforeAll(async () => {
    vcenter = await SimulatedVcenter.start();
    names = (await vcenter.machines()).map(({ name }) => name).sort();
    seen = await vcenter.govmomi();
  });

  afterAll(async () => {
    await vcenter.stop();
  });

  test('gets in over TLS with the right password only', () => {
    expect(seen).toMatchObject({
      about: 'VirtualCenter',
      unknownAuthority: true,
      wrongPassword: 'types.InvalidLogin',
      loggedOut: 'NotAuthenticated',
    });
  });

  test('finds all objects by their paths, as govc does', () => {
    const { all, machines, ...rest } = seen.found;
    expect(machines).toEqual(names.map((name) => `/DC0/vm/${name}`));
    const folders = ['vm', 'host', 'datastore', 'network'].map((name) => `/DC0/${name}`);
    const inside = ['/DC0/host/DC0_C0/Resources', '/DC0/network/VM Network', '/DC0/datastore/datastore0'];
    expect(all).toEqual(expect.arrayContaining(['/DC0', ...folders, ...inside, ...machines]));
    expect(rest).toEqual({ pools: 1, hosts: 3, networks: 4, element: '/DC0/vm/vm-0001', isNotFound: true });
  });

  test('reads every property of every type into what was generated from the WSDL', async () => {
    const { VirtualMachine: found, running, ...counts } = seen.retrieved;
    expect(counts).toEqual({
      HostSystem: 3,
      ClusterComputeResource: 1,
      Datastore: 2,
      // The port groups are networks too.
      Network: 3,
      ResourcePool: 1,
      DistributedVirtualPortgroup: 2,
      DistributedVirtualSwitch: 1,
      Folder: 4,
      Datacenter: 1,
    });
    const records = new Map((await vcenter.machines()).map((one) => [one.name, one]));
    expect(found.map(({ name }: { name: string }) => name)).toEqual(names);
    for (const { name, uuid, cpus, memoryMib, disks } of found) {
      const { hardware, ...record } = records.get(name) ?? fail(name);
      const sizes = hardware.devices.filter(({ kind }) => kind === 'DISK').map((disk) => disk.capacityBytes);
      expect({ name, uuid, cpus, memoryMib, disks }).toEqual({
        name,
        uuid: record.uuid,
        cpus: hardware.cpuCount,
        memoryMib: hardware.memoryMib,
        disks: sizes,
      });
    }
    expect(running).toBe(found.filter(({ power }: { power: string }) => power === 'poweredOn').length);
  });

  test('waits for its tasks with a collector, and watches their progress', () => {
    expect(seen.operated).toEqual({
      on: 'success',
      onAgain: '*types.InvalidPowerState',
      hasAddress: true,
      after: ['poweredOff', 'of go'],
    });
    const { progress, ...rest } = seen.cloned;
    expect(rest).toEqual({ isResult: true, isGone: true });
    // A task that is over has no progress any more: govmomi reports that as nought.
    const growing = progress.slice(0, -1);
    expect(growing.length).toBeGreaterThan(2);
    expect(growing).toEqual([...growing].sort((a, b) => a - b));
  });
});

function fail(name: string): never {
  throw new Error(`The simulator has no ${name}.`);
}

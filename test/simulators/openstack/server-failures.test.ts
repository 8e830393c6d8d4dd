import { Stage } from './stage';
import type { Options } from './stage';

describe('what goes wrong with servers', () => {
  let stage: Stage;
  afterEach(() => stage.close());

  const open = async (options: Options = {}) => {
    stage = await Stage.open({ vms: 0, ...options });
  };
  const fault = async (id: string) => (await stage.until(id, (server) => server.fault !== undefined)).fault;

  it('refuses at once what is over the quota', async () => {
    await open({ quota: { instances: 1, cores: 1, memoryMib: 1_024 } });
    await stage.created();
    const { status, body } = await stage.create();
    expect([status, body.forbidden.message]).toEqual([
      403,
      'Quota exceeded for cores, instances: Requested 1, 1, but already used 1, 1 of 1, 1 cores, instances',
    ]);
    expect((await stage.create({ flavorRef: '2' })).body.forbidden.message).toContain('ram');
    const { body: limits } = await stage.nova('GET', '/limits');
    expect(limits.limits.absolute).toMatchObject({ maxTotalInstances: 1, totalInstancesUsed: 1 });
  });

  it('fails late what is over the quota when creations race, and the first of them wins', async () => {
    await open({ quota: { instances: 1 }, quotaRaceMs: 600_000, operationMs: 100 });
    const [first, second] = [await stage.create(), await stage.create()];
    expect([first?.status, second?.status]).toEqual([202, 202]);
    const lost = second?.body.server.id;
    expect(await fault(lost)).toMatchObject({ code: 413, message: expect.stringContaining('instances') });
    expect((await stage.settled(first?.body.server.id)).status).toBe('ACTIVE');
  });

  it('fails late whenever it is told to, and says why a read later', async () => {
    await open({ quota: { instances: 0 }, lateQuota: true });
    const server = await stage.created();
    expect(server.status).toBe('ERROR');
    expect(server).not.toHaveProperty('fault');
    expect((await stage.show(server.id)).fault.code).toBe(413);
  });

  it('finds no host where there is no room left', async () => {
    await open({ hosts: 1, hostVcpus: 1 });
    expect((await stage.created()).status).toBe('ACTIVE');
    const { id, status } = await stage.created();
    expect(status).toBe('ERROR');
    expect(await fault(id)).toMatchObject({
      code: 500,
      message: 'No valid host was found. There are not enough hosts available.',
    });
  });

  it('fails in the hypervisor as the metadata say', async () => {
    await open();
    const networks = [{ uuid: await stage.networkId('shared') }];
    const { id, status, addresses } = await stage.created({ metadata: { 'x-fail': 'spawn' }, networks });
    expect([status, addresses]).toEqual(['ERROR', {}]);
    expect(await fault(id)).toMatchObject({ code: 500 });
    expect((await stage.neutron('GET', `/ports?device_id=${id}`)).body.ports).toEqual([]);

    const sleepy = await stage.created({ metadata: { 'x-fail': 'power_on' } });
    await stage.action(sleepy.id, { 'os-stop': null });
    await stage.settled(sleepy.id);
    expect((await stage.action(sleepy.id, { 'os-start': null })).status).toBe(202);
    expect((await stage.settled(sleepy.id)).status).toBe('SHUTOFF');

    const tough = await stage.created({ metadata: { 'x-fail': 'destroy' } });
    expect((await stage.nova('DELETE', `/servers/${tough.id}`)).status).toBe(204);
    expect((await stage.until(tough.id, (server) => server.status === 'ERROR')).id).toBe(tough.id);
  });

  it('accepts what then vanishes, by order and by chance', async () => {
    await open();
    const { id } = await stage.created();
    const stop = async () => {
      expect((await stage.action(id, { 'os-stop': null })).status).toBe(202);
      return (await stage.settled(id)).status;
    };
    stage.simulator.control.loseNext('STOP');
    expect(await stop()).toBe('ACTIVE');
    expect(await stop()).toBe('SHUTOFF');
    const careless = await Stage.open({ vanish: 1 });
    try {
      const server = await careless.created();
      await careless.action(server.id, { suspend: null });
      expect((await careless.settled(server.id)).status).toBe('ACTIVE');
    } finally {
      await careless.close();
    }
  });

  it('shows ERROR while the compute service is dead, and ACTIVE after it has come back', async () => {
    await open();
    const { control } = stage.simulator;
    const [steady, doomed] = [await stage.created(), await stage.created()];
    control.killCompute();
    const { id } = (await stage.create()).body.server;
    await stage.until(id, ({ status }) => status === 'ERROR');
    expect((await stage.action(steady.id, { 'os-stop': null })).status).toBe(202);
    expect((await stage.nova('DELETE', `/servers/${doomed.id}`)).status).toBe(204);
    expect(await stage.show(steady.id)).toMatchObject({
      status: 'ACTIVE',
      'OS-EXT-STS:task_state': 'powering-off',
    });
    control.startCompute();
    await stage.until(id, ({ status }) => status === 'ACTIVE');
    expect((await stage.settled(steady.id)).status).toBe('ACTIVE');
    await stage.untilGone(doomed.id);
  });

  it('changes behind the back of its clients', async () => {
    await open();
    const { control } = stage.simulator;
    const { id } = await stage.created({ name: 'here' });
    control.powerOffBehindBack(id);
    expect((await stage.show(id)).status).toBe('SHUTOFF');
    control.powerOnBehindBack(id);
    control.renameBehindBack(id, 'there');
    expect(await stage.show(id)).toMatchObject({ status: 'ACTIVE', name: 'there' });
    control.destroyBehindBack(id);
    expect((await stage.nova('GET', `/servers/${id}`)).status).toBe(404);
  });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openstackSimulator } from '../../../src/simulators/openstack';
import { Stage } from './stage';

describe('the state of the simulated OpenStack', () => {
  let dir: string;
  let stateFile: string;

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'hypergate-openstack-'));
    stateFile = join(dir, 'state.json');
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  it('outlives a restart, and what was under way goes on', async () => {
    const before = await Stage.open({ stateFile, vms: 2 });
    const { id } = await before.created({ name: 'kept', metadata: { a: 'b' } });
    await before.neutron('POST', '/networks', { network: { name: 'kept', description: 'too' } });
    before.simulator.control.pauseCompute();
    const { id: late } = (await before.create({ name: 'late' })).body.server;
    await before.close();
    const after = await Stage.open({ stateFile, vms: 2 });
    try {
      expect(await after.show(id)).toMatchObject({ name: 'kept', status: 'ACTIVE', metadata: { a: 'b' } });
      expect((await after.settled(late)).status).toBe('ACTIVE');
      const { body } = await after.neutron('GET', '/networks?name=kept');
      expect(body.networks).toMatchObject([{ description: 'too' }]);
      expect(after.simulator.control.servers()).toHaveLength(4);
    } finally {
      await after.close();
    }
  });

  it('does not start upon a file that it cannot read', async () => {
    writeFileSync(stateFile, '{"format":1}');
    await expect(Stage.open({ stateFile })).rejects.toThrow(/state file .* cannot be read/);
  });

  it('parses its own options, and gives the keys of a connection', async () => {
    const { optionsSchema, connectionExample } = openstackSimulator;
    const options = optionsSchema.parse({});
    expect(optionsSchema.parse(options)).toEqual(options);
    const stage = await Stage.open({ password: 'given' });
    try {
      expect(Object.keys(stage.simulator.connection).sort()).toEqual(Object.keys(connectionExample).sort());
      expect(stage.simulator.connection).toMatchObject({ authUrl: stage.simulator.url, password: 'given' });
    } finally {
      await stage.close();
    }
  });
});

import { DescribeInstancesCommand, EC2Client, RunInstancesCommand } from '@aws-sdk/client-ec2';
import BetterSqlite3 from 'better-sqlite3';
import { newId, silentLogger } from '../../src/kernel';
import { unwatchedCall } from '../../src/providers/contract';
import type { Marker } from '../../src/providers/contract';
import { markerTags } from '../../src/providers/ec2/map-marker';
import type { Ec2Simulator } from '../../src/simulators/ec2/start';
import { imageNamed, startSimulator } from '../providers/ec2/simulator';
import { createTenancy, ended, registerTemplate, startVm } from '../support/api/requests';
import type { Tenancy } from '../support/api/requests';
import { TestGateway } from '../support/api/test-gateway';
import { until } from '../support/until';

const IMAGE = 'image-of-tiny';
const LAG_MS = 300;
const THEIRS = 'installation-of-others';

/** Backends that also hold what the database does not know: with our marker, and with that of others. */
describe('reconciliation through the gateway', () => {
  let simulator: Ec2Simulator;
  let cloud: EC2Client;
  let gateway: TestGateway;
  let acme: Tenancy;
  let ours: string;

  beforeAll(async () => {
    simulator = await startSimulator({ lagMs: LAG_MS });
    const { region = '', endpoint = '', accessKeyId = '', secretAccessKey = '' } = simulator.connection;
    cloud = new EC2Client({ region, endpoint, credentials: { accessKeyId, secretAccessKey } });
    const rented = { ...simulator.connection, pollIntervalMs: 50, listingLagMs: LAG_MS };
    gateway = await TestGateway.start({
      backends: { lab: { images: [{ name: IMAGE }] } },
      furtherBackends: [{ name: 'rented', kind: 'ec2', location: 'EXTERNAL', ...rented }],
      reconcile: { intervalSec: 0.2, graceSec: 0.2 },
    });
    const database = new BetterSqlite3(gateway.sqliteFile, { readonly: true });
    ours = (database.prepare("SELECT value FROM installation WHERE name = 'id'").get() as { value: string })
      .value;
    database.close();
    acme = await createTenancy(gateway.admin, 'acme');
  }, 60_000);

  afterAll(async () => {
    await gateway.close();
    cloud.destroy();
    await simulator.close();
  });

  const markerOf = (installationId: string): Marker => ({
    ...{ installationId, tenantId: acme.id, objectId: newId('vm'), operationId: newId('task') },
  });

  const reconciliation = async (backend: string): Promise<Record<string, number>> => {
    const { backends } = await gateway.admin.data(
      '{ backends { name reconciliation { lastPassAt orphans missing copies } } }',
    );
    return backends.find(({ name }: { name: string }) => name === backend).reconciliation;
  };

  const metric = async (line: string): Promise<boolean> =>
    (await (await fetch(`${gateway.url}/metrics`)).text()).includes(`hypergate_reconciler_${line}`);

  async function runInstance(installationId: string): Promise<string> {
    const Tags = markerTags(markerOf(installationId));
    const { Instances = [] } = await cloud.send(
      new RunInstancesCommand({
        ...{ ImageId: imageNamed('tiny-1.0-x86_64'), InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 },
        TagSpecifications: [{ ResourceType: 'instance', Tags }],
      }),
    );
    return Instances[0]?.InstanceId ?? '';
  }

  async function livingInstances(): Promise<string[]> {
    const { Reservations = [] } = await cloud.send(new DescribeInstancesCommand({}));
    return Reservations.flatMap(({ Instances = [] }) => Instances)
      .filter(({ State }) => State?.Name === 'running' || State?.Name === 'pending')
      .map(({ InstanceId = '' }) => InstanceId);
  }

  it('removes an orphan from a hypervisor, tells of it, and leaves the VM of others', async () => {
    const provider = gateway.backend().connect();
    const call = unwatchedCall(new AbortController().signal, silentLogger);
    const image = await provider.resolveImage(IMAGE, call);
    for (const installationId of [ours, THEIRS]) {
      const size = { cpuCount: 1, memoryMib: 256, diskGib: 2 };
      const rest = { networks: [], userData: null, sshKeys: [], labels: {}, name: 'raw', hostname: 'raw' };
      const marker = markerOf(installationId);
      await provider.createVm({ ...size, ...rest, marker, imageExternalId: image?.externalId ?? '' }, call);
    }
    const owners = () =>
      gateway
        .backend()
        .vms()
        .map(({ marker }) => marker?.installationId);
    await until(owners, (left) => left.length === 1, 20_000);
    expect(owners()).toEqual([THEIRS]);
    await until(() => metric('orphans_removed_total{backend="lab",kind="VM"} 1'));
    expect(await metric('passes_total{backend="lab",outcome="DONE"}')).toBe(true);
    const told = await until(
      () => reconciliation('lab'),
      ({ orphans }) => orphans === 0,
    );
    expect(told).toEqual({ lastPassAt: expect.any(String), orphans: 0, missing: 0, copies: 0 });
    const { backends } = await acme.owner.data('{ backends { reconciliation { orphans } } }');
    expect(backends.map((one: { reconciliation: unknown }) => one.reconciliation)).toEqual([null, null]);
  }, 60_000);

  it('removes an orphan from a cloud whose listings lag, while VMs are made there', async () => {
    const template = await gateway.admin.mutate(
      'registerTemplate',
      { name: 'rented', realizations: [{ backend: 'rented', imageRef: imageNamed('tiny-1.0-x86_64') }] },
      'template { id }',
    );
    const orphan = await runInstance(ours);
    const theirs = await runInstance(THEIRS);
    const made = await Promise.all(
      Array.from({ length: 6 }, (_, index) =>
        startVm(acme.operator, {
          ...{ name: `cloudy-${String(index)}`, backend: 'rented', templateId: template.template.id },
        }),
      ),
    );
    const tasks = await Promise.all(made.map(({ taskId }) => ended(acme.operator, taskId)));
    expect(tasks.map(({ status }) => status)).toEqual(made.map(() => 'SUCCEEDED'));
    await until(() => metric('orphans_removed_total{backend="rented",kind="VM"} 1'), Boolean, 30_000, 100);
    const { vms } = await acme.owner.data(
      '{ vms(first: 20, filter: { backend: "rented" }) { nodes { externalId status } } }',
    );
    expect(new Set(vms.nodes.map(({ status }: { status: string }) => status))).toEqual(new Set(['RUNNING']));
    const expected = [theirs, ...vms.nodes.map(({ externalId }: { externalId: string }) => externalId)];
    await until(livingInstances, (living) => !living.includes(orphan), 20_000, 100);
    expect((await livingInstances()).sort()).toEqual(expected.sort());
  }, 180_000);

  it('harms none of 25 VMs that are made at once while it passes five times a second', async () => {
    const templateId = await registerTemplate(gateway.admin, { name: 'tiny' });
    const before = gateway.backend().vms().length;
    const made = await Promise.all(
      Array.from({ length: 25 }, (_, index) =>
        startVm(acme.operator, { name: `many-${String(index)}`, templateId }),
      ),
    );
    const tasks = await Promise.all(made.map(({ taskId }) => ended(acme.operator, taskId)));
    expect(tasks.map(({ status }) => status)).toEqual(made.map(() => 'SUCCEEDED'));
    const { lastPassAt } = await reconciliation('lab');
    await until(async () => (await reconciliation('lab'))['lastPassAt'] !== lastPassAt, Boolean, 30_000);
    expect(gateway.backend().vms()).toHaveLength(before + 25);
    const { vms } = await acme.owner.data('{ vms(first: 1, filter: { backend: "lab" }) { totalCount } }');
    expect(vms.totalCount).toBe(25);
  }, 180_000);
});

import { VimClient } from '../../../src/providers/vsphere/client';
import type { ApiClient } from '../../support/api/api-client';
import { createTenancy, createVm, registerTemplate, startVm, succeeded } from '../../support/api/requests';
import type { Tenancy } from '../../support/api/requests';
import { TestGateway } from '../../support/api/test-gateway';
import { retryQuickly } from '../../support/retry-quickly';
import { until } from '../../support/until';
import { startSimulator } from './simulator';
import type { SimulatedServer } from './simulator';

const HUNG = 6;

describe('a vSphere that hangs', () => {
  let server: SimulatedServer;
  let gateway: TestGateway;
  let acme: Tenancy;
  let templates: Record<'dc' | 'lab', string>;

  beforeAll(async () => {
    retryQuickly();
    server = await startSimulator();
    const { url, username, password } = server;
    const access = { url, username, password, callTimeoutMs: 1_000 };
    const backend = { name: 'dc', kind: 'vsphere', location: 'INTERNAL', ...access };
    gateway = await TestGateway.start({ furtherBackends: [backend] });
    await until(
      () => gateway.admin.data('{ backends { status } }'),
      ({ backends }) => backends.every((one: { status: string }) => one.status === 'ONLINE'),
      15_000,
    );
    acme = await createTenancy(gateway.admin, 'acme');
    const realizations = [{ backend: 'dc', imageRef: 'origin' }];
    const made = await gateway.admin.mutate(
      'registerTemplate',
      { name: 'tiny', realizations },
      'template { id }',
    );
    templates = { dc: made.template.id, lab: await registerTemplate(gateway.admin, { name: 'lab' }) };
  });

  afterAll(async () => {
    await gateway.close();
    await server.stop();
    jest.restoreAllMocks();
  });

  it('keeps nobody else waiting, and gets its VMs once it answers again', async () => {
    const { operator } = acme;
    server.simulator.faults.setProbabilities({ hang: 1 });
    const hung = await Promise.all(
      Array.from({ length: HUNG }, (_, at) => create(operator, 'dc', `hung-${at}`)),
    );
    for (let at = 0; at < 3; at += 1) {
      const size = { cpuCount: 1, memoryMib: 128, diskGib: 1 };
      await createVm(operator, { templateId: templates.lab, name: `quick-${at}`, ...size });
    }
    await until(circuit, (open) => open === '1', 20_000, 20);

    server.simulator.faults.clear();
    for (const { taskId } of hung) await succeeded(operator, taskId);
    await until(circuit, (open) => open === '0', 20_000, 20);
    const { vms } = await operator.data('{ vms(first: 50) { nodes { name status backend { name } } } }');
    const made = vms.nodes.filter((vm: { backend: { name: string } }) => vm.backend.name === 'dc');
    expect(made.map((vm: { status: string }) => vm.status)).toEqual(
      Array.from({ length: HUNG }, () => 'RUNNING'),
    );
    const names = (await inventoryNames(server)).filter((name) => name.startsWith('hung-'));
    expect(names.sort().map((name) => name.slice(0, 6))).toEqual(
      Array.from({ length: HUNG }, (_, at) => `hung-${at}`),
    );
  });

  function create(caller: ApiClient, backend: 'dc' | 'lab', name: string) {
    const size = { cpuCount: 1, memoryMib: 128, diskGib: 1 };
    return startVm(caller, { backend, templateId: templates[backend], name, ...size });
  }

  async function circuit(): Promise<string | undefined> {
    const text = await (await fetch(`${gateway.url}/metrics`)).text();
    return /hypergate_backend_circuit_open\{backend="dc"\} (\d)/.exec(text)?.[1];
  }
});

async function inventoryNames({ url, username, password }: SimulatedServer): Promise<string[]> {
  const client = new VimClient({ url, username, password, callTimeoutMs: 10_000 });
  const names: string[] = [];
  const { rootFolder } = await client.content();
  for await (const { properties } of client.retrieveContained(rootFolder, 'VirtualMachine', ['name']))
    names.push(properties.name ?? '');
  await client.close();
  return names;
}

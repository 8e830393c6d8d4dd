import { createTenancy } from '../support/api/requests';
import type { Tenancy } from '../support/api/requests';
import { TestGateway } from '../support/api/test-gateway';
import { until } from '../support/until';

let gateway: TestGateway;
let acme: Tenancy;
beforeAll(async () => {
  gateway = await TestGateway.start({
    backends: {
      zeta: { capacity: { cpuCount: 64, memoryMib: 65_536, storageGib: 1000 } },
      alpha: {
        capabilities: { suspend: false, consoleLog: false, networkModes: ['NAT'], resizeDisk: 'NEVER' },
      },
    },
  });
  acme = await createTenancy(gateway.admin, 'acme');
  await until(async () => {
    const { backends } = await gateway.admin.data('{ backends { status } }');
    return backends.every((backend: { status: string }) => backend.status === 'ONLINE');
  });
});
afterAll(() => gateway.close());

const EVERYTHING = `{ backends {
  id name kind location status checkedAt version
  capacity { cpuCount memoryMib freeMemoryMib storageGib freeStorageGib }
  capabilities {
    gracefulStop reboot suspend resizeCpu resizeMemory resizeDisk guestCustomization consoleLog networkModes
  }
} }`;

describe('backends', () => {
  it('are shown to an administrator with all that they told, by name', async () => {
    const { backends } = await gateway.admin.data(EVERYTHING);
    expect(backends).toMatchObject([
      {
        name: 'alpha',
        kind: 'memory',
        location: 'INTERNAL',
        status: 'ONLINE',
        checkedAt: expect.any(String),
        version: expect.stringContaining('memory'),
        capacity: { cpuCount: null, memoryMib: null },
        capabilities: { suspend: false, consoleLog: false, networkModes: ['NAT'], resizeDisk: 'NEVER' },
      },
      {
        name: 'zeta',
        capacity: { cpuCount: 64, memoryMib: 65_536, freeMemoryMib: 65_536, storageGib: 1000 },
        capabilities: { suspend: true, reboot: true, resizeDisk: 'ANY_STATE' },
      },
    ]);
  });

  it('do not tell a tenant how large they are and what they run', async () => {
    const { backends } = await acme.owner.data(EVERYTHING);
    expect(backends).toMatchObject([
      { name: 'alpha', status: 'ONLINE', version: null, capacity: null, capabilities: { reboot: true } },
      { name: 'zeta', status: 'ONLINE', version: null, capacity: null },
    ]);
  });

  it('show that they cannot be reached', async () => {
    gateway.backend('alpha').setUnavailable(true);
    const imageRef = 'any';
    const realizations = [{ backend: 'alpha', imageRef }];
    const error = await gateway.admin.mutateRefused('registerTemplate', { name: 'x', realizations });
    expect(error.extensions.code).toBe('UNAVAILABLE');
    const status = async () => (await acme.viewer.data('{ backends { status } }')).backends[0].status;
    expect(await until(status, (value) => value === 'OFFLINE')).toBe('OFFLINE');
    gateway.backend('alpha').setUnavailable(false);
  });

  it('are spared calls while they do not answer, which the metrics tell', async () => {
    const realizations = [{ backend: 'alpha', imageRef: 'any' }];
    const circuit = async (): Promise<string | undefined> => {
      const text = await (await fetch(`${gateway.url}/metrics`)).text();
      return /hypergate_backend_circuit_open\{backend="alpha"\} (\d)/.exec(text)?.[1];
    };
    expect(await circuit()).toBe('0');
    gateway.backend('alpha').setUnavailable(true);
    for (let count = 0; count < 6; count += 1) {
      const error = await gateway.admin.mutateRefused('registerTemplate', { name: 'x', realizations });
      expect(error.extensions.code).toBe('UNAVAILABLE');
    }
    expect(await circuit()).toBe('1');
    gateway.backend('alpha').setUnavailable(false);
    expect(await until(circuit, (value) => value === '0')).toBe('0');
    await gateway.admin.mutate('registerTemplate', { name: 'spared', realizations }, 'template { id }');
  });

  it('are found again by their id', async () => {
    const { backends } = await acme.viewer.data('{ backends { id name } }');
    const query = 'query ($id: ID!) { node(id: $id) { id ... on Backend { name } } }';
    expect((await acme.viewer.data(query, { id: backends[1].id })).node).toEqual(backends[1]);
  });
});

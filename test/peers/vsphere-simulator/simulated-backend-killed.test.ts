import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { until } from '../../support/until';
import { GatewayClient } from '../support/gateway-client';
import { TEMPLATE } from '../support/gateway-on-vcenter';
import { ADMIN_TOKEN, GatewayHome } from '../support/gateway-process';
import { createVm, operateVm, welcomeCustomer } from '../support/gateway-requests';
import type { Customer } from '../support/gateway-requests';
import { followTask } from '../support/task-follower';
import { expectGaplessOutbox, expectWholeHistory } from '../support/task-history';

jest.setTimeout(120_000);

const STATE_FILE = 'vsphere-sim.json';

/** Where the vCenter has just been asked, has just begun, or has just told that something is done. */
const DEATHS = [
  'CREATE_VM/create-vm/create:after',
  'CREATE_VM/create:CONTINUE:left',
  'CREATE_VM/create-vm:committed',
  'CREATE_VM/set-power:committed',
  'CREATE_VM:ended',
];

let home: GatewayHome;
let customer: Customer;

beforeAll(async () => {
  const simulator = { vms: 0, taskMs: 20, guestBootMs: 20, stateFile: STATE_FILE };
  home = await GatewayHome.make({
    backends: [{ name: 'dc', kind: 'vsphere', location: 'INTERNAL', simulator }],
  });
  await home.start();
  const administrator = new GatewayClient(() => home.url, ADMIN_TOKEN);
  const status = async (): Promise<string> =>
    (await administrator.request('{ backends { status } }')).backends[0].status;
  await until(status, (seen) => seen === 'ONLINE', 60_000, 50);
  customer = await welcomeCustomer(administrator, { backend: 'dc', imageRef: TEMPLATE });
});

afterAll(async () => {
  await home.remove();
});

interface SavedVm {
  readonly kind: string;
  readonly template?: boolean;
  readonly powerState: string;
}

/** What the simulator would begin with now: of what it has told of, nothing is missing. */
async function savedVms(): Promise<SavedVm[]> {
  const saved = JSON.parse(await readFile(join(home.directory, STATE_FILE), 'utf8')) as {
    entities: SavedVm[];
  };
  return saved.entities.filter(({ kind, template }) => kind === 'MACHINE' && template !== true);
}

describe('a gateway that is killed together with the vCenter that it simulates', () => {
  it.each(DEATHS)('at %s and started again makes one VM', async (crashAt) => {
    const { operator, templateId } = customer;
    await home.process.stop('SIGTERM');
    const mortal = await home.start({ crashAt });
    const input = { name: 'one', templateId, backend: 'dc', memoryMib: 256, diskGib: 1 };
    const { id, taskId } = await createVm(operator, input);
    const following = followTask(operator, taskId);
    expect(await mortal.ended).toEqual({ code: null, signal: 'SIGKILL' });

    await home.start();
    await expectWholeHistory(operator, await following);
    const look = await operator.request('query ($id: ID!) { vm(id: $id) { status } }', { id });
    expect(look.vm.status).toBe('RUNNING');
    expect(await savedVms()).toMatchObject([{ powerState: 'poweredOn' }]);

    const deletion = await operateVm(operator, 'deleteVm', { id });
    await expectWholeHistory(operator, await followTask(operator, deletion.taskId));
    expect(await savedVms()).toEqual([]);
    expectGaplessOutbox(home.databaseFile);
  });
});

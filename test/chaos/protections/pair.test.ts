import type { Protection } from '../../../src/kernel';
import { startCloud } from './cloud';
import type { Cloud } from './cloud';
import { comesAbout, Rehearsal } from './rehearsal';
import { FaultProxy } from '../../support/fault-proxy';
import { mysqlDatabases } from '../../support/test-databases';
import type { TestDatabases } from '../../support/test-databases';
import { startMariadb } from '../../peers/support/mariadb';
import type { Mariadb } from '../../peers/support/mariadb';

jest.setTimeout(240_000);

/** Long enough for a few calls between the first heartbeat after a freeze, which hangs, and the second, which gives up. */
const TASKS = { leaseMs: 8_000, heartbeatMs: 4_000 };

let mariadb: Mariadb;
let databases: TestDatabases;
/** What leads the first gateway to the database. */
let proxy: FaultProxy;

beforeAll(async () => {
  mariadb = await startMariadb();
  databases = mysqlDatabases(mariadb.url);
  proxy = await FaultProxy.start(mariadb.url);
});

afterAll(async () => {
  await proxy.close();
  await mariadb.stop();
});

type Play = (rehearsal: Rehearsal, cloud: Cloud) => Promise<void>;

/** What happens with two gateways that go without a protection: the names of what does not hold. */
async function rehearse(disable: readonly Protection[], play: Play): Promise<string[]> {
  const config = await databases.empty();
  if (config.type !== 'mysql') throw new Error('This is no MariaDB.');
  const through = { type: 'mysql', url: proxy.through(config.url) };
  const cloud = await startCloud();
  const rehearsal = await Rehearsal.open({
    ...{ backend: cloud, disable, gateways: 2, tasks: TASKS },
    database: { config, restart: null, close: () => Promise.resolve() },
    databaseOf: (gateway) => (gateway === 0 ? through : config),
  });
  try {
    await play(rehearsal, cloud);
    return await rehearsal.broken();
  } finally {
    await rehearsal.close();
  }
}

const untold = new AbortController().signal;

/** A gateway that is frozen or dead at this point of a creation; the other one is there by then. */
async function begin(rehearsal: Rehearsal, point: string): Promise<string> {
  await rehearsal.begin(point);
  const asking = rehearsal.createVm();
  const [first, second] = [rehearsal.gateway(0), rehearsal.gateway(1)];
  await (point.startsWith('stop:') ? first.freezes(untold) : first.dies(untold));
  await second.start();
  return (await asking).id;
}

/** How the frozen one may find out that it has been replaced. */
const TOLD = 'The task is somebody else’s now.';

const actsTooLate: Play = async (rehearsal, { simulator }) => {
  const id = await begin(rehearsal, 'stop:CREATE_VM/create-vm/create:due');
  // The other one takes over, and what it makes is deleted again: nobody would find it.
  await rehearsal.deleteVm(id);
  await rehearsal.settled();
  const first = rehearsal.gateway(0);
  // Its own account is all that it has, for the database does not answer.
  const release = proxy.holdReplies();
  await first.thaw(0);
  await comesAbout(() => first.output.includes(TOLD) || simulator.control.servers().length > 0);
  release();
};

const writesTooLate: Play = async (rehearsal) => {
  await begin(rehearsal, 'stop:CREATE_VM/create-vm:done');
  await rehearsal.settled();
  const first = rehearsal.gateway(0);
  await first.thaw(0);
  await comesAbout(() => [TOLD, 'A turn with a task'].some((line) => first.output.includes(line)));
  await rehearsal.settled();
};

const overtakes: Play = async (rehearsal) => {
  // Until its lease runs out nobody goes on with the creation; the deletion is due at once.
  const id = await begin(rehearsal, 'CREATE_VM/create-vm/create:before');
  await rehearsal.deleteVm(id);
  await rehearsal.settled();
};

describe('two gateways', () => {
  test('of which one wakes up look at the lease, and change what is not theirs without that', async () => {
    expect(await rehearse([], actsTooLate)).toEqual([]);
    expect(await rehearse(['leaseCheck'], actsTooLate)).toContain(
      'what lives on a backend is recorded as living',
    );
  });

  test('of which one wakes up write with the fence, and over each other without that', async () => {
    expect(await rehearse([], writesTooLate)).toEqual([]);
    expect(await rehearse(['fence'], writesTooLate)).toContain(
      'nothing is written by a worker that lost its task',
    );
  });

  test('keep the tasks of a VM in order, and delete it before it is made without that', async () => {
    expect(await rehearse([], overtakes)).toEqual([]);
    // The creation finds nothing left to make.
    expect(await rehearse(['lane'], overtakes)).toContain('nothing failed that only met faults that pass');
  });
});

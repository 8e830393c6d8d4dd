import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, heldBackError } from '../../src/kernel';
import type { HypervisorProvider } from '../../src/providers/contract';
import { crashPointsOf } from '../../src/tasks';
import { retryQuickly } from '../support/retry-quickly';
import { ADMIN, WorkflowStage } from './stage';
import type { StageOptions } from './stage';

const passed = new Set<string>();
// In this process no point kills; each one that is passed is noted.
jest.mock('../../src/kernel/crash-point', () => ({
  armCrashPoints: () => undefined,
  crashPoint: (name: string) => void passed.add(name),
}));

const registered = new Set<string>();

async function withStage(options: StageOptions, use: (stage: WorkflowStage) => Promise<void>): Promise<void> {
  const stage = await WorkflowStage.open(options);
  try {
    for (const workflow of stage.nouns.workflows.all()) {
      for (const point of crashPointsOf(workflow)) registered.add(point);
    }
    await use(stage);
  } finally {
    await stage.close();
  }
}

/** A backend that holds the first call of a method back, as an open circuit would. */
function holding(method: keyof HypervisorProvider): NonNullable<StageOptions['wrap']> {
  let held = false;
  return (provider) =>
    new Proxy(provider, {
      get: (target, name: keyof HypervisorProvider) => {
        const member: unknown = target[name];
        if (typeof member !== 'function') return member;
        if (name !== method || held) return member.bind(target) as unknown;
        return () => {
          held = true;
          return Promise.reject(heldBackError(1));
        };
      },
    });
}

beforeEach(retryQuickly);
afterEach(() => {
  jest.restoreAllMocks();
});

describe('crash points', () => {
  test('of every operation that goes well', async () => {
    await withStage({ backend: { asynchronous: true, operationMs: 20, listingLagMs: 5 } }, async (stage) => {
      stage.engine({ leaseMs: 30_000, heartbeatMs: 5 });
      const { vmOperations: vms, networks } = stage.nouns.services;
      const net = await stage.createNetwork();
      const { vmId, taskId } = await stage.createVm([net.networkId]);
      expect(await stage.ended(taskId)).toMatchObject({ status: 'SUCCEEDED' });
      const operations = [
        () => vms.stop(ADMIN, { id: vmId, force: true }),
        () => vms.start(ADMIN, { id: vmId }),
        () => vms.reboot(ADMIN, { id: vmId, force: true }),
        () => vms.suspend(ADMIN, { id: vmId }),
        () => vms.resume(ADMIN, { id: vmId }),
        () =>
          vms.resize(ADMIN, { id: vmId, cpuCount: null, memoryMib: 1024, diskGib: null, allowRestart: true }),
        () => vms.delete(ADMIN, { id: vmId }),
        () => networks.delete(ADMIN, { id: net.networkId }),
      ];
      for (const operate of operations) {
        expect(await stage.ended((await operate()).task.id)).toMatchObject({ status: 'SUCCEEDED' });
      }
    });
  });

  test('of work that is staged, lost, refused late, taken back and cancelled', async () => {
    // Long enough to be seen at work, however busy the machine.
    const backend = { asynchronous: true, operationMs: 300, stagedCreation: true };
    await withStage({ backend }, async (stage) => {
      stage.backend.loseNextOperation('createVm');
      stage.engine();
      expect(await stage.ended((await stage.createVm()).taskId)).toMatchObject({ status: 'SUCCEEDED' });
      stage.backend.failNextLate('startVm', 'RESOURCE_EXHAUSTED');
      expect(await stage.ended((await stage.createVm([], 'refused')).taskId)).toMatchObject({
        status: 'FAILED',
      });
      const { taskId } = await stage.createVm([], 'cancelled');
      await stage.until(taskId, ({ message }) => message === 'The backend is at work.');
      await stage.nouns.services.tasks.cancel(ADMIN, taskId);
      expect(await stage.ended(taskId)).toMatchObject({ status: 'CANCELLED' });
    });
  });

  test('of tasks that are put down and handed back', async () => {
    const backend = { asynchronous: true, operationMs: 400 };
    await withStage({ backend, wrap: holding('getVm') }, async (stage) => {
      stage.backend.failNext('createVm', new AppError('UNAVAILABLE', 'Not now.'));
      const first = stage.engine();
      const { taskId } = await stage.createVm();
      await stage.until(taskId, ({ message }) => message === 'The backend is at work.');
      await first.stop(0);
      stage.engine();
      expect(await stage.ended(taskId)).toMatchObject({ status: 'SUCCEEDED' });
    });
  });

  test('are all registered, and each kind of them is passed', () => {
    expect([...passed].filter((point) => !registered.has(point))).toEqual([]);
    const kindOf = (point: string): string => point.slice(point.lastIndexOf(':') + 1);
    const kinds = (points: Iterable<string>): string[] => [...new Set([...points].map(kindOf))].sort();
    // Giving a task back takes a database that is away: see the tests of workers that stop.
    const common = kinds(registered).filter((kind) => !kind.startsWith('releas'));
    expect(kinds(passed)).toEqual(common);
    const calls = [...registered].filter((point) => /:(before|after)$/.test(point));
    // What does not come about without the very accident that it is there for.
    const rare = /resize-(running|back)|start-again|-poll:|RESIZE_VM\/st|CREATE_NETWORK.*delete/;
    expect(calls.filter((point) => !passed.has(point) && !rare.test(point))).toEqual([]);
  });

  test('have their names in one place', () => {
    const src = join(__dirname, '../../src');
    const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) =>
      /[^t]\.ts$/.test(file),
    );
    const naming = files.filter((file) => /\bcrashPoint\(/.test(readFileSync(join(src, file), 'utf8')));
    const expected = /^(kernel\/crash-point|tasks\/crash-points|providers\/.*)\.ts$/;
    expect(naming.filter((file) => !expected.test(file))).toEqual([]);
  });
});

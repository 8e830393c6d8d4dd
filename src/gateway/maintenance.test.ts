import { amountsOf, NOTHING } from '../allocations/amounts';
import type { Drift } from '../allocations';
import { silentLogger } from '../kernel';
import { Maintenance } from './maintenance';
import type { MaintenanceOptions } from './maintenance';

const DRIFT: Drift = {
  ...{ tenantId: 'ten_1', backendId: 'bak_1', of: 'used' },
  ...{ recorded: amountsOf({ vms: 1 }), actual: NOTHING },
};

/** Its first round, with a recount that comes to this. */
async function round(run: () => Promise<Drift[]>) {
  const [counted, errors, warnings]: [number[], object[], object[]] = [[], [], []];
  const options = {
    database: { transaction: () => Promise.resolve() },
    recount: { run },
    onQuotaDrift: (drifts: number) => counted.push(drifts),
    logger: {
      ...silentLogger,
      error: (fields: object) => errors.push(fields),
      warn: (fields: object) => warnings.push(fields),
    },
    retentionDays: 30,
  };
  const maintenance = new Maintenance(options as unknown as MaintenanceOptions);
  jest.useFakeTimers();
  const stop = new AbortController();
  const working = maintenance.work(stop.signal);
  await jest.advanceTimersByTimeAsync(10 * 60_000);
  stop.abort();
  await working;
  jest.useRealTimers();
  return { counted, errors, warnings: warnings.length };
}

describe('maintenance', () => {
  test('logs each drift of a quota as an error, and counts it', async () => {
    expect(await round(async () => [DRIFT, { ...DRIFT, of: 'held' }])).toEqual({
      counted: [2],
      errors: [DRIFT, { ...DRIFT, of: 'held' }],
      warnings: 0,
    });
  });

  test('is quiet where everything adds up', async () => {
    expect(await round(async () => [])).toEqual({ counted: [0], errors: [], warnings: 0 });
  });

  test('takes a recount that fails for no drift', async () => {
    const failing = () => Promise.reject(new Error('The database is away.'));
    expect(await round(failing)).toEqual({ counted: [], errors: [], warnings: 1 });
  });
});

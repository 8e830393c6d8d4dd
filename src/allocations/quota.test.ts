import { amountsOf, NOTHING } from './amounts';
import type { Amounts } from './amounts';
import { shortagesOf, UNLIMITED } from './quota';
import type { Limits } from './quota';

const judge = (
  limits: Partial<Limits>,
  taken: { readonly used?: Partial<Amounts>; readonly held?: Partial<Amounts> },
  growth: Partial<Amounts>,
) =>
  shortagesOf(
    {
      limits: { ...UNLIMITED, ...limits },
      used: amountsOf(taken.used ?? {}),
      held: amountsOf(taken.held ?? {}),
    },
    amountsOf(growth),
  );

describe('limits', () => {
  test('null is none, and zero is zero', () => {
    expect(judge({}, { used: { vms: 1_000_000 } }, { vms: 1_000_000 })).toEqual([]);
    expect(judge({ vms: 0 }, {}, { vms: 1 })).toMatchObject([{ limit: 'vms', capacity: 0 }]);
    expect(judge({ vms: 0 }, {}, { cpuCount: 1 })).toEqual([]);
  });

  test('may be reached and not passed, what is held counted in', () => {
    const taken = { used: { cpuCount: 3 }, held: { cpuCount: 4 } };
    expect(judge({ cpuCount: 8 }, taken, { cpuCount: 1 })).toEqual([]);
    expect(judge({ cpuCount: 8 }, taken, { cpuCount: 2 })).toEqual([
      { limit: 'cpuCount', scope: 'BACKEND', capacity: 8, used: 3, held: 4, requested: 2 },
    ]);
  });

  test('are all named that do not allow it', () => {
    const limits = { vms: 1, cpuCount: 4, memoryMib: 1024, storageGib: 10 };
    const asked = { vms: 2, cpuCount: 5, memoryMib: 1024, storageGib: 11 };
    expect(judge(limits, {}, asked).map(({ limit }) => limit)).toEqual(['vms', 'cpuCount', 'storageGib']);
  });

  test('that were lowered below what is used refuse more of it and nothing else', () => {
    const used = { vms: 5, memoryMib: 4096 };
    expect(judge({ memoryMib: 1024 }, { used }, { cpuCount: 1 })).toEqual([]);
    expect(judge({ memoryMib: 1024 }, { used }, { memoryMib: -512 })).toEqual([]);
    expect(judge({ memoryMib: 1024 }, { used }, { memoryMib: 1 })).toHaveLength(1);
    expect(judge({ vms: 0 }, { used }, NOTHING)).toEqual([]);
  });
});

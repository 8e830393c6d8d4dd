import { amountsOf, NOTHING } from './amounts';
import { compare } from './drift';
import type { Reservation } from './reservation';

const key = { tenantId: 'ten_1', backendId: 'bak_1' };
const two = amountsOf({ vms: 1, cpuCount: 2 });
const uses = (objectId: string, amounts = two): Reservation => ({
  ...key,
  ...{ holderId: objectId, objectId, state: 'COMMITTED', amounts },
});
const totals = { used: two, held: NOTHING };

describe('a ledger', () => {
  test('that says what is so has no drift', () => {
    expect(compare(key, totals, [uses('vm_1')], [uses('vm_1')])).toEqual({
      ...{ drifts: [], wrong: [], missing: [], totals },
    });
  });

  test('that lacks a reservation gets it, and its totals', () => {
    const { drifts, wrong, missing, totals: right } = compare(key, totals, [], [uses('vm_1'), uses('vm_2')]);
    expect(wrong).toEqual([]);
    expect(missing).toEqual([uses('vm_1'), uses('vm_2')]);
    expect(right.used).toEqual(amountsOf({ vms: 2, cpuCount: 4 }));
    expect(drifts.map(({ of }) => of)).toEqual(['vm_1', 'vm_2', 'used']);
  });

  test('loses what nobody has', () => {
    const { drifts, wrong, totals: right } = compare(key, totals, [uses('vm_1')], []);
    expect(wrong).toEqual([uses('vm_1')]);
    expect(right.used).toEqual(NOTHING);
    expect(drifts).toMatchObject([
      { of: 'vm_1', recorded: two, actual: null },
      { of: 'used', recorded: two, actual: NOTHING },
    ]);
  });

  test('has a wrong reservation replaced, and named once', () => {
    const right = uses('vm_1', amountsOf({ vms: 1, cpuCount: 3 }));
    const found = compare(key, totals, [uses('vm_1')], [right]);
    expect(found).toMatchObject({ wrong: [uses('vm_1')], missing: [right] });
    expect(found.drifts).toMatchObject([
      { of: 'vm_1', recorded: two, actual: right.amounts },
      { of: 'used' },
    ]);
  });

  test('may have wrong totals over right reservations', () => {
    const wrongTotals = { used: two, held: amountsOf({ vms: 1 }) };
    expect(compare(key, wrongTotals, [uses('vm_1')], [uses('vm_1')]).drifts).toEqual([
      { ...key, of: 'held', recorded: amountsOf({ vms: 1 }), actual: NOTHING },
    ]);
  });
});

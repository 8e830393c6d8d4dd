import { amountsOf, NOTHING } from './amounts';
import type { Amounts } from './amounts';
import { balanceOf } from './reservation';
import type { Reservation, ReservationState } from './reservation';

const key = { tenantId: 'ten_1', backendId: 'bak_1' };
const line = (
  objectId: string,
  state: ReservationState,
  amounts: Partial<Amounts>,
  holderId = state === 'COMMITTED' ? objectId : `tsk-of-${objectId}`,
): Reservation => ({ ...key, objectId, holderId, state, amounts: amountsOf({ vms: 1, ...amounts }) });

describe('what reservations come to', () => {
  test('nothing without any', () => {
    expect(balanceOf([])).toEqual({ used: NOTHING, held: NOTHING });
  });

  test('a creation holds all of it, and what is there uses it', () => {
    expect(balanceOf([line('a', 'HELD', { cpuCount: 2 }), line('b', 'COMMITTED', { cpuCount: 3 })])).toEqual({
      used: amountsOf({ vms: 1, cpuCount: 3 }),
      held: amountsOf({ vms: 1, cpuCount: 2 }),
    });
  });

  test('a growth holds only what goes beyond what is used, resource by resource', () => {
    const lines = [
      line('a', 'COMMITTED', { cpuCount: 2, memoryMib: 1024 }),
      line('a', 'HELD', { cpuCount: 4, memoryMib: 512 }),
    ];
    expect(balanceOf(lines)).toEqual({
      used: amountsOf({ vms: 1, cpuCount: 2, memoryMib: 1024 }),
      held: amountsOf({ cpuCount: 2 }),
    });
  });

  test('several growths of one object hold the largest: they run one after another', () => {
    const lines = [
      line('a', 'COMMITTED', { cpuCount: 2 }),
      line('a', 'HELD', { cpuCount: 8 }, 'tsk_1'),
      line('a', 'HELD', { cpuCount: 5 }, 'tsk_2'),
    ];
    expect(balanceOf(lines).held).toEqual(amountsOf({ cpuCount: 6 }));
    expect(balanceOf(lines.slice(0, 1).concat(lines.slice(2))).held).toEqual(amountsOf({ cpuCount: 3 }));
  });

  test('growths of several objects add up', () => {
    const of = (id: string): Reservation[] => [
      line(id, 'COMMITTED', { storageGib: 10 }),
      line(id, 'HELD', { storageGib: 15 }),
    ];
    expect(balanceOf([...of('a'), ...of('b')])).toEqual({
      used: amountsOf({ vms: 2, storageGib: 20 }),
      held: amountsOf({ storageGib: 10 }),
    });
  });
});

import { isRipe } from './sighting';
import { isMissing, isStuck, standingOf } from './standing';
import type { Facts, FoundObject, Lifecycle, RecordedObject } from './standing';

const OURS = 'our-installation';
const LIFECYCLES: readonly Lifecycle[] = ['PROVISIONING', 'ACTIVE', 'ERROR', 'DELETING', 'DELETED'];
const BOOLEANS = [false, true];
const marker = { installationId: OURS, tenantId: 'ten_1', objectId: 'vm_1', operationId: 'task_1' };

interface Situation {
  readonly found: FoundObject;
  readonly facts: Facts;
}

/** Rows as they may be when something with the marker of `vm_1` is found on `bck_1`. */
function rows(): (RecordedObject | null)[] {
  const made = LIFECYCLES.flatMap((lifecycle) =>
    [null, 'here', 'elsewhere'].flatMap((externalId) =>
      ['ten_1', 'ten_2'].flatMap((tenantId) =>
        ['bck_1', 'bck_2'].map((backendId) => ({
          ...{
            id: 'vm_1',
            createTaskId: 'task_1',
            tenantId,
            backendId,
            lifecycle,
            externalId,
            isGone: false,
          },
        })),
      ),
    ),
  );
  return [null, ...made];
}

function situations(): Situation[] {
  const markers = [null, marker, { ...marker, installationId: 'their-installation' }];
  return markers.flatMap((one) =>
    rows().flatMap((recorded) =>
      BOOLEANS.flatMap((hasOpenTask) =>
        BOOLEANS.map((recordedIsListed) => ({
          found: { externalId: 'here', marker: one },
          facts: { installationId: OURS, backendId: 'bck_1', recorded, hasOpenTask, recordedIsListed },
        })),
      ),
    ),
  );
}

describe('how something on a backend stands to the database', () => {
  const all = situations().map((one) => ({ ...one, standing: standingOf(one.found, one.facts) }));
  const those = (standing: string) => all.filter((one) => one.standing === standing);

  test('every standing occurs, and only what is ours on this backend is anything but foreign', () => {
    for (const standing of ['FOREIGN', 'BUSY', 'KNOWN', 'UNLINKED', 'COPY', 'ORPHAN'])
      expect(those(standing).length).toBeGreaterThan(0);
    for (const { found, facts, standing } of all) {
      const { recorded } = facts;
      const fits = !recorded || (recorded.tenantId === 'ten_1' && recorded.backendId === 'bck_1');
      expect(standing === 'FOREIGN').toBe(found.marker?.installationId !== OURS || !fits);
    }
  });

  test('an orphan carries our marker, has no open task, and no row that anybody could still use', () => {
    for (const { found, facts } of those('ORPHAN')) {
      expect(found.marker?.installationId).toBe(OURS);
      expect(facts.hasOpenTask).toBe(false);
      const { recorded } = facts;
      const takenBack = recorded?.lifecycle === 'ERROR' && recorded.externalId === null;
      expect(recorded === null || recorded.lifecycle === 'DELETED' || takenBack).toBe(true);
    }
  });

  test.each(['PROVISIONING', 'ACTIVE', 'DELETING'])('what is %s is never an orphan', (lifecycle) => {
    expect(those('ORPHAN').filter(({ facts }) => facts.recorded?.lifecycle === lifecycle)).toEqual([]);
  });

  test('a second one is a copy while the first is there, and takes its place where it is not', () => {
    const row = { id: 'vm_1', tenantId: 'ten_1', backendId: 'bck_1', createTaskId: 'task_1', isGone: false };
    const recorded = { ...row, lifecycle: 'ACTIVE' as const };
    const facts = { installationId: OURS, backendId: 'bck_1', hasOpenTask: false };
    const found = { externalId: 'here', marker };
    const other = { ...facts, recorded: { ...recorded, externalId: 'elsewhere' } };
    expect(standingOf(found, { ...other, recordedIsListed: true })).toBe('COPY');
    expect(standingOf(found, { ...other, recordedIsListed: false })).toBe('UNLINKED');
    const unknown = { ...facts, recorded: { ...recorded, externalId: null }, recordedIsListed: false };
    expect(standingOf(found, unknown)).toBe('UNLINKED');
  });
});

describe('what the database holds and the backend does not', () => {
  const listed = new Set(['vm_listed']);

  test.each(LIFECYCLES.flatMap((lifecycle) => BOOLEANS.map((busy) => [lifecycle, busy] as const)))(
    '%s, with a task: %s',
    (lifecycle, hasOpenTask) => {
      const isActive = lifecycle === 'ACTIVE';
      expect(isMissing({ id: 'vm_1', lifecycle }, listed, hasOpenTask)).toBe(isActive && !hasOpenTask);
      expect(isMissing({ id: 'vm_listed', lifecycle }, listed, hasOpenTask)).toBe(false);
      const isTransitional = lifecycle === 'PROVISIONING' || lifecycle === 'DELETING';
      expect(isStuck({ lifecycle }, hasOpenTask)).toBe(isTransitional && !hasOpenTask);
    },
  );
});

test.each([
  [1, 0, false],
  [1, 60_000, false],
  [2, 0, false],
  [2, 59_999, false],
  [2, 60_000, true],
  [9, 60_000, true],
])('seen %d times over %d ms: ripe is %s', (seenCount, spanMs, expected) => {
  expect(isRipe({ seenCount, firstSeenAt: 1_000, lastSeenAt: 1_000 + spanMs }, 60_000)).toBe(expected);
});

import { verdictOf } from '../../../src/providers/openstack/progress';
import type { Target } from '../../../src/providers/openstack/progress';
import { serverIn } from './server-example';

const acceptedAt = Date.parse('2026-01-05T10:00:00Z');

/** So many seconds after the work was accepted. */
function after(seconds: number) {
  return { acceptedAt, now: acceptedAt + seconds * 1_000, timeoutMs: 600_000 };
}

const built: Target = { kind: 'BUILT' };
const off: Target = { kind: 'POWER', powerState: 'POWERED_OFF' };

describe('a creation', () => {
  test('gets on from task to task, and ends when it is active and left alone', () => {
    const tasks = ['scheduling', 'networking', 'block_device_mapping', 'spawning'];
    const percents = tasks.map((task) => {
      const verdict = verdictOf(built, serverIn('building', task), after(1));
      if (verdict.state !== 'RUNNING' || verdict.percent === null) throw new Error(`${task} is no progress.`);
      return verdict.percent;
    });
    expect(percents.toSorted((a, b) => a - b)).toEqual(percents);
    expect(new Set(percents).size).toBe(tasks.length);
    expect(verdictOf(built, serverIn('active', 'spawning'), after(1))).toMatchObject({ state: 'RUNNING' });
    expect(verdictOf(built, serverIn('active'), after(1))).toEqual({ state: 'REACHED' });
  });

  test('waits in a queue for as long as it may, and no longer', () => {
    expect(verdictOf(built, serverIn('building'), after(599))).toMatchObject({ state: 'RUNNING' });
    expect(verdictOf(built, serverIn('building'), after(601))).toMatchObject({
      state: 'FAILED',
      error: { code: 'DEADLINE_EXCEEDED', retryable: false },
    });
  });

  test.each([
    [{ code: 413, message: 'Quota exceeded' }, 'RESOURCE_EXHAUSTED'],
    [{ code: 403, message: 'Quota exceeded' }, 'RESOURCE_EXHAUSTED'],
    [{ code: 500, message: 'No valid host was found. ' }, 'RESOURCE_EXHAUSTED'],
    [{ code: 500, message: 'NovaException' }, 'INTERNAL'],
  ])('fails with what the fault %j means, a moment after it', (fault, code) => {
    const updated = '2026-01-05T10:00:10Z';
    const failed = serverIn('error', null, { fault, updated });
    expect(verdictOf(built, failed, after(10.5))).toMatchObject({ state: 'RUNNING' });
    expect(verdictOf(built, failed, after(12))).toMatchObject({ state: 'FAILED', error: { code } });
  });

  test('waits for the fault that explains an error, which may not be the end, for some seconds', () => {
    const updated = '2026-01-05T10:00:10Z';
    const failed = serverIn('error', null, { updated });
    expect(verdictOf(built, failed, after(15))).toMatchObject({ state: 'RUNNING' });
    expect(verdictOf(built, serverIn('active'), after(15.5))).toEqual({ state: 'REACHED' });
    expect(verdictOf(built, failed, after(17))).toMatchObject({
      state: 'FAILED',
      error: { code: 'INTERNAL' },
    });
  });

  test.each(['2020-01-01T00:00:00Z', '2033-01-01T00:00:00Z', 'nonsense'])(
    'a clock of Nova that says %s leaves the error its grace, and no more than the time limit',
    (updated) => {
      const failed = serverIn('error', null, { updated });
      expect(verdictOf(built, failed, after(1))).toMatchObject({ state: 'RUNNING' });
      expect(verdictOf(built, failed, after(601))).toMatchObject({ state: 'FAILED' });
    },
  );
});

describe('a stop', () => {
  test('runs while Nova is at it, and ends when the server is off and left alone', () => {
    expect(verdictOf(off, serverIn('active', 'powering-off'), after(60))).toMatchObject({ state: 'RUNNING' });
    expect(verdictOf(off, serverIn('stopped', 'powering-off'), after(60))).toMatchObject({
      state: 'RUNNING',
    });
    expect(verdictOf(off, serverIn('stopped'), after(60))).toEqual({ state: 'REACHED' });
  });

  test('that Nova has dropped is lost, once it had the time to show', () => {
    expect(verdictOf(off, serverIn('active'), after(1))).toMatchObject({ state: 'RUNNING' });
    expect(verdictOf(off, serverIn('active'), after(10))).toEqual({ state: 'LOST' });
  });

  test('that never ends fails', () => {
    expect(verdictOf(off, serverIn('active', 'powering-off'), after(601))).toMatchObject({
      state: 'FAILED',
      error: { code: 'DEADLINE_EXCEEDED' },
    });
  });
});

describe('a resize', () => {
  const resized: Target = { kind: 'RESIZED' };
  const settled: Target = { kind: 'RESIZE_SETTLED' };

  test('waits for its confirmation, which ends it', () => {
    expect(verdictOf(resized, serverIn('stopped', 'resize_migrating'), after(9))).toMatchObject({
      state: 'RUNNING',
    });
    expect(verdictOf(resized, serverIn('resized'), after(9))).toEqual({ state: 'REACHED' });
    expect(verdictOf(settled, serverIn('resized'), after(1))).toMatchObject({ state: 'RUNNING' });
    expect(verdictOf(settled, serverIn('stopped'), after(1))).toEqual({ state: 'REACHED' });
  });

  test('that found no host is lost', () => {
    expect(verdictOf(resized, serverIn('stopped'), after(9))).toEqual({ state: 'LOST' });
  });

  test('is no power state: a server that waits is not off', () => {
    expect(
      verdictOf(off, serverIn('resized', null, { 'OS-EXT-STS:power_state': 4 }), after(1)),
    ).toMatchObject({
      state: 'RUNNING',
    });
  });
});

test('what is being deleted is waited for', () => {
  for (const target of [built, off])
    expect(verdictOf(target, serverIn('error', 'deleting'), after(60))).toMatchObject({ state: 'RUNNING' });
});

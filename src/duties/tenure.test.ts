import { performance } from 'node:perf_hooks';
import { Tenure } from './tenure';

const LEASE_MS = 1_000;

let now = 0;
beforeEach(() => {
  jest.useFakeTimers();
  jest.spyOn(performance, 'now').mockImplementation(() => now);
});
afterEach(() => {
  jest.restoreAllMocks();
  jest.useRealTimers();
});

function pass(ms: number): void {
  now += ms;
  jest.advanceTimersByTime(ms);
}

describe('a tenure', () => {
  test('is lost when nobody prolongs it, and goes on when somebody does', () => {
    const tenure = new Tenure(LEASE_MS, performance.now());
    pass(LEASE_MS - 1);
    tenure.prolong(performance.now());
    pass(LEASE_MS - 1);
    expect(tenure.signal.aborted).toBe(false);
    pass(1);
    expect(tenure.isLost).toBe(true);
    expect(tenure.signal.reason).toMatchObject({ code: 'UNAVAILABLE' });
  });

  test('whose account is closed leaves no timer, also when a heartbeat is answered only then', () => {
    const tenure = new Tenure(LEASE_MS, performance.now());
    tenure.stop();
    tenure.prolong(performance.now());
    expect(jest.getTimerCount()).toBe(0);
  });

  test('that is lost stays lost', () => {
    const tenure = new Tenure(LEASE_MS, performance.now());
    tenure.lose();
    tenure.prolong(performance.now());
    expect(tenure.isLost).toBe(true);
    expect(() => tenure.assertHeld()).toThrow('another process');
  });
});

import fc from 'fast-check';
import { retryDelayMs } from './backoff';

test('waits anything between nothing and a bound that doubles up to half a minute', () => {
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000 }), random, (attempt, value) => {
      const bound = Math.min(30_000, 500 * 2 ** (attempt - 1));
      expect(retryDelayMs(attempt, 0, () => value)).toBe(Math.round(value * bound));
    }),
  );
  expect(retryDelayMs(1, 0, () => 0)).toBe(0);
  expect(retryDelayMs(50, 0, () => 0.999_999)).toBe(30_000);
});

test('leaves a backend alone as long as it asked, but not for ever', () => {
  expect(retryDelayMs(1, 7_000, () => 0.5)).toBe(7_250);
  expect(retryDelayMs(1, 86_400_000, () => 0)).toBe(600_000);
});

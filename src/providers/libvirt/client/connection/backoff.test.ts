import { backoffMs } from './backoff';

describe('back-off', () => {
  const always =
    (value: number): (() => number) =>
    () =>
      value;

  it('doubles up to its maximum', () => {
    const waits = [0, 1, 2, 3, 10, 2_000].map((failures) => backoffMs(failures, 100, 5_000, always(1)));
    expect(waits).toEqual([100, 200, 400, 800, 5_000, 5_000]);
  });

  it('is spread over the whole range', () => {
    expect(backoffMs(3, 100, 5_000, always(0))).toBe(0);
    expect(backoffMs(3, 100, 5_000, always(0.25))).toBe(200);
  });
});

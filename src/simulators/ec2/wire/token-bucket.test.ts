import { TokenBucket } from './token-bucket';

describe('a bucket of tokens', () => {
  it('gives as many as it holds, and then as many as come', () => {
    let now = 0;
    const bucket = new TokenBucket({ burst: 3, perSecond: 2 }, () => now);
    const taken = (count: number): number =>
      Array.from({ length: count }, () => bucket.take()).filter(Boolean).length;
    expect(taken(5)).toBe(3);
    now = 499;
    expect(taken(5)).toBe(0);
    now = 500;
    expect(taken(5)).toBe(1);
    now = 60_000;
    expect(taken(5)).toBe(3);
  });
});

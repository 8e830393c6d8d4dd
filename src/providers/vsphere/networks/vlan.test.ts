import { freeVlan } from './vlan';

describe('the choice of a VLAN', () => {
  it('begins at the place of chance and goes round', () => {
    const range = { from: 10, to: 13 };
    expect(freeVlan(range, new Set(), 0)).toBe(10);
    expect(freeVlan(range, new Set(), 0.6)).toBe(12);
    expect(freeVlan(range, new Set([12, 13]), 0.6)).toBe(10);
    expect(freeVlan(range, new Set(), 1)).toBe(13);
  });

  it('is refused when all are in use', () => {
    const choose = () => freeVlan({ from: 10, to: 11 }, new Set([10, 11]), 0);
    expect(choose).toThrow(expect.objectContaining({ code: 'RESOURCE_EXHAUSTED' }));
  });
});

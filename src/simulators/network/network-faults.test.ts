import { NetworkFaults } from './network-faults';

describe('the faults of the network', () => {
  it('happens by chance as often as asked, and the same way for the same seed', () => {
    const draw = (seed: number) => {
      const faults = new NetworkFaults({ probabilities: { hang: 0.1, loseReply: 0.3 }, seed });
      return Array.from({ length: 2_000 }, () => faults.pick('CurrentTime'));
    };
    const first = draw(7);
    expect(draw(7)).toEqual(first);
    expect(draw(8)).not.toEqual(first);
    const share = (fault: string | null) => first.filter((one) => one === fault).length / first.length;
    expect(share('hang')).toBeCloseTo(0.1, 1);
    expect(share('loseReply')).toBeCloseTo(0.3, 1);
    expect(share(null)).toBeCloseTo(0.6, 1);
  });

  it('meets orders in turn, each by its method', () => {
    const faults = new NetworkFaults();
    faults.next('hang', 'Login');
    faults.next('refuse');
    faults.next('slowDrip');
    expect(['CurrentTime', 'Login', 'Login', 'Login'].map((method) => faults.pick(method))).toEqual([
      'refuse',
      'hang',
      'slowDrip',
      null,
    ]);
    expect(faults.count('hang')).toBe(1);
    faults.next('hang');
    faults.setProbabilities({ refuse: 1 });
    faults.clear();
    expect(faults.pick('Login')).toBeNull();
  });
});

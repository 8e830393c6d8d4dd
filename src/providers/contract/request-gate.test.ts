import { setMaxListeners } from 'node:events';
import { AppError } from '../../kernel';
import { RequestGate } from './request-gate';
import type { RequestGateOptions } from './request-gate';
import { throttledError } from './throttling';

const OPEN = new AbortController().signal;
// Many requests at once listen to it.
setMaxListeners(0, OPEN);

/** A backend with a bucket of its own, as clouds have them, and all that reached it. */
class ThrottlingBackend {
  answered = 0;
  refused = 0;
  private content: number;
  private filledAt = Date.now();

  constructor(
    private readonly burst: number,
    private readonly perSecond: number,
    private readonly retryAfterMs: number | null = null,
  ) {
    this.content = burst;
  }

  readonly request = async (): Promise<number> => {
    const now = Date.now();
    this.content = Math.min(this.burst, this.content + ((now - this.filledAt) / 1_000) * this.perSecond);
    this.filledAt = now;
    if (this.content < 1) {
      this.refused += 1;
      throw throttledError(this.retryAfterMs);
    }
    this.content -= 1;
    return (this.answered += 1);
  };
}

function gate(options: RequestGateOptions = {}): RequestGate {
  return new RequestGate(options);
}

describe('the gate of a backend’s requests', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('lets requests pass at once where nobody limits them', async () => {
    const backend = new ThrottlingBackend(1_000, 1_000);
    const one = gate();
    await Promise.all(Array.from({ length: 500 }, () => one.run(OPEN, backend.request)));
    expect(backend.answered).toBe(500);
  });

  it('keeps to the configured rate: the burst at once, then one after the other', async () => {
    const sentAt: number[] = [];
    const began = Date.now();
    const limited = gate({ rateLimit: { perSecond: 10, burst: 3 } });
    const all = Promise.all(
      Array.from({ length: 8 }, () => limited.run(OPEN, async () => void sentAt.push(Date.now() - began))),
    );
    await jest.advanceTimersByTimeAsync(2_000);
    await all;
    expect(sentAt.slice(0, 3)).toEqual([0, 0, 0]);
    expect(sentAt.slice(3).map((at) => Math.round(at / 100))).toEqual([1, 2, 3, 4, 5]);
  });

  it('gets everybody through a backend that throttles, without asking it much too often', async () => {
    const backend = new ThrottlingBackend(5, 20);
    const one = gate();
    const all = Promise.all(Array.from({ length: 80 }, () => one.run(OPEN, backend.request)));
    await jest.advanceTimersByTimeAsync(30_000);
    await all;
    expect(backend.answered).toBe(80);
    expect(backend.refused).toBeLessThan(20);
  });

  it('asks nothing before the time that the backend named', async () => {
    const one = gate();
    let asked = 0;
    const send = async (): Promise<string> => {
      asked += 1;
      if (asked === 1) throw throttledError(7_000);
      return 'done';
    };
    const first = one.run(OPEN, send);
    await jest.advanceTimersByTimeAsync(1);
    const second = one.run(OPEN, send);
    await jest.advanceTimersByTimeAsync(6_990);
    expect(asked).toBe(1);
    await jest.advanceTimersByTimeAsync(2_000);
    expect(await Promise.all([first, second])).toEqual(['done', 'done']);
  });

  it('tells at once, and how long, where the backend wants more patience than there is', async () => {
    const one = gate({ patienceMs: 5_000 });
    let asked = 0;
    const send = async (): Promise<never> => {
      asked += 1;
      throw throttledError(60_000);
    };
    const told = { code: 'UNAVAILABLE', retryable: true, details: { reason: 'THROTTLED' } };
    await expect(one.run(OPEN, send)).rejects.toMatchObject(told);
    await expect(one.run(OPEN, send)).rejects.toMatchObject({ details: { retryAfterMs: 60_000 } });
    expect(asked).toBe(1);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(await one.run(OPEN, async () => 'again')).toBe('again');
  });

  it('gives up when the patience is over', async () => {
    const one = gate({ patienceMs: 2_000 });
    const outcome = one
      .run(OPEN, async () => Promise.reject(throttledError(null)))
      .catch((error: unknown) => error);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(await outcome).toMatchObject({ details: { reason: 'THROTTLED' } });
  });

  it('ends the wait of whoever gives up, and of nobody else', async () => {
    const slow = gate({ rateLimit: { perSecond: 1, burst: 1 } });
    const giveUp = new AbortController();
    await slow.run(OPEN, async () => undefined);
    const gone = slow.run(giveUp.signal, async () => 'gone').catch((error: unknown) => error);
    const patient = slow.run(OPEN, async () => 'patient');
    await jest.advanceTimersByTimeAsync(10);
    giveUp.abort();
    await jest.advanceTimersByTimeAsync(3_000);
    expect(await gone).toMatchObject({ name: 'AbortError' });
    expect(await patient).toBe('patient');
  });

  it('passes on what else goes wrong, once', async () => {
    const error = new AppError('NOT_FOUND', 'It is not there.');
    let asked = 0;
    const send = async (): Promise<never> => {
      asked += 1;
      throw error;
    };
    await expect(gate().run(OPEN, send)).rejects.toBe(error);
    expect(asked).toBe(1);
  });

  it('lets requests in the same order as they came', async () => {
    const order: number[] = [];
    const slow = gate({ rateLimit: { perSecond: 5, burst: 1 } });
    const all = Promise.all([1, 2, 3, 4].map((name) => slow.run(OPEN, async () => void order.push(name))));
    await jest.advanceTimersByTimeAsync(2_000);
    await all;
    expect(order).toEqual([1, 2, 3, 4]);
  });

  it('holds requests back after a refusal that came by another way, once', async () => {
    let refusals = 0;
    const one = gate({ onThrottled: () => void (refusals += 1) });
    await one.admit(OPEN);
    const error = throttledError(3_000);
    one.refused(error);
    one.refused(error);
    let admitted = false;
    const next = one.admit(OPEN).then(() => (admitted = true));
    await jest.advanceTimersByTimeAsync(2_990);
    expect({ admitted, refusals }).toEqual({ admitted: false, refusals: 1 });
    await jest.advanceTimersByTimeAsync(2_000);
    expect(await next).toBe(true);
  });

  it('ends the wait of whoever gives up at once, although others wait before it', async () => {
    const one = gate();
    const head = one.run(OPEN, async () => Promise.reject(throttledError(20_000))).catch(() => undefined);
    await jest.advanceTimersByTimeAsync(1);
    const giveUp = new AbortController();
    let ended = false;
    const gone = one
      .run(giveUp.signal, async () => 'sent')
      .catch((error: unknown) => error)
      .finally(() => (ended = true));
    giveUp.abort();
    await jest.advanceTimersByTimeAsync(10);
    expect(ended).toBe(true);
    expect(await gone).toMatchObject({ name: 'AbortError' });
    await jest.advanceTimersByTimeAsync(60_000);
    await head;
  });

  it('tells those who wait in line already, where the backend comes to want more patience than they have', async () => {
    const one = gate({ patienceMs: 5_000, rateLimit: { perSecond: 2, burst: 1 } });
    const refused = one.run(OPEN, async () => Promise.reject(throttledError(1e12)));
    const waiting = one.run(OPEN, async () => 'sent');
    const told = { code: 'UNAVAILABLE', details: { reason: 'THROTTLED' } };
    const ended: unknown[] = [];
    for (const run of [refused, waiting]) run.catch((error: unknown) => void ended.push(error));
    await jest.advanceTimersByTimeAsync(1_000);
    expect(ended).toMatchObject([told, told]);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('holds requests back for ten minutes at most, whatever time the backend names', async () => {
    const one = gate();
    await expect(one.run(OPEN, async () => Promise.reject(throttledError(1e12)))).rejects.toThrow();
    await expect(one.run(OPEN, async () => 'early')).rejects.toMatchObject({
      details: { retryAfterMs: 600_000 },
    });
    await jest.advanceTimersByTimeAsync(600_000);
    expect(await one.run(OPEN, async () => 'again')).toBe('again');
  });
});

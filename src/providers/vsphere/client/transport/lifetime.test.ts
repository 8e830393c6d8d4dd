import { Lifetime } from './lifetime';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

const LATE = { reason: 'TIMEOUT', sent: false };

it('is over when its time is, however lively the server', () => {
  const life = new Lifetime(100);
  life.watchStalls(50);
  for (let n = 0; n < 9; n += 1) {
    jest.advanceTimersByTime(11);
    life.alive();
  }
  expect(life.signal.aborted).toBe(false);
  jest.advanceTimersByTime(1);
  expect(life.signal.reason).toMatchObject(LATE);
  life.end();
});

it('is over when the server has been silent for too long', () => {
  const life = new Lifetime(1_000);
  jest.advanceTimersByTime(300);
  life.watchStalls(50);
  jest.advanceTimersByTime(49);
  life.alive();
  jest.advanceTimersByTime(49);
  expect(life.signal.aborted).toBe(false);
  jest.advanceTimersByTime(1);
  expect(life.signal.reason).toMatchObject(LATE);
  life.end();
});

it('is over with the first of the given signals, even one that was aborted before', () => {
  const [first, second] = [new AbortController(), new AbortController()];
  const reason = new Error('enough');
  const life = new Lifetime(1_000, first.signal, undefined, second.signal);
  second.abort(reason);
  first.abort(new Error('too late'));
  expect(life.signal.reason).toBe(reason);
  const stillborn = new Lifetime(1_000, AbortSignal.abort('a text'));
  expect(stillborn.signal.reason).toMatchObject({ name: 'AbortError' });
  life.end();
  stillborn.end();
});

it('lets go of timers and signals', () => {
  const outer = new AbortController();
  const life = new Lifetime(100, outer.signal);
  life.watchStalls(50);
  life.end();
  expect(jest.getTimerCount()).toBe(0);
  outer.abort();
  expect(life.signal.aborted).toBe(false);
});

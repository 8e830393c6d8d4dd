import { AppError, silentLogger } from '../kernel';
import { done, unwatchedCall } from '../providers/contract';
import type { HypervisorProvider, OperationProgress, OperationRef, Outcome } from '../providers/contract';
import { removeToEnd } from './removal';

const OPERATION: OperationRef = { type: 'removal', ref: '1' };
const ACCEPTED: Outcome<null> = { state: 'ACCEPTED', operation: OPERATION, pollAfterMs: 1 };
const RUNNING: OperationProgress<null> = { state: 'RUNNING', percent: null, pollAfterMs: 1 };

describe('a removal', () => {
  let time: AbortController;
  let stop: AbortController;

  beforeEach(() => {
    time = new AbortController();
    stop = new AbortController();
    jest.spyOn(AbortSignal, 'timeout').mockReturnValue(time.signal);
  });

  afterEach(() => {
    jest.restoreAllMocks();
  });

  function remove(
    poll: () => OperationProgress<null>,
    begin = (): Outcome<null> => ACCEPTED,
  ): Promise<boolean> {
    const provider = { pollOperation: () => Promise.resolve(poll()) } as unknown as HypervisorProvider;
    return removeToEnd(provider, unwatchedCall(stop.signal, silentLogger), () => Promise.resolve(begin()));
  }

  test('is followed to its end', async () => {
    let polls = 0;
    expect(await remove(() => ((polls += 1) < 3 ? RUNNING : { state: 'DONE', value: null }))).toBe(true);
    expect(
      await remove(
        () => RUNNING,
        () => done(null),
      ),
    ).toBe(true);
  });

  test('that takes too long has not come to its end', async () => {
    const late = remove(() => {
      time.abort(new DOMException('Too long.', 'TimeoutError'));
      return RUNNING;
    });
    expect(await late).toBe(false);
  });

  test('is interrupted with its process', async () => {
    const interrupted = remove(() => {
      stop.abort(new Error('The process stops.'));
      return RUNNING;
    });
    await expect(interrupted).rejects.toThrow();
  });

  test('that is refused tells why, at once or later', async () => {
    const refusal = new AppError('FAILED_PRECONDITION', 'It is locked.');
    const refused = (): never => {
      throw refusal;
    };
    await expect(remove(() => RUNNING, refused)).rejects.toBe(refusal);
    await expect(remove(() => ({ state: 'FAILED', error: refusal }))).rejects.toBe(refusal);
  });
});

import type { AppError } from '../../src/kernel';
import type { CallContext, HypervisorProvider, OperationRef, Outcome } from '../../src/providers/contract';
import { pause } from './pause';

const MOST_ATTEMPTS = 5;

/**
 * Makes a mutation until it is over, as every caller has to: polls what was accepted, and repeats what was lost.
 * @throws what the mutation or its operation failed with
 */
export async function settle<T>(
  provider: HypervisorProvider,
  context: CallContext,
  timeoutMs: number,
  mutate: () => Promise<Outcome<T>>,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
    const outcome = await mutate();
    if (outcome.state === 'DONE') return outcome.value;
    await pause(outcome.pollAfterMs);
    const end = await follow<T>(provider, context, deadline, outcome.operation);
    if (end.state === 'DONE') return end.value;
    if (end.state === 'FAILED') throw end.error;
  }
  throw new Error(`The operation was lost ${MOST_ATTEMPTS} times.`);
}

type End<T> = { state: 'DONE'; value: T } | { state: 'FAILED'; error: AppError } | { state: 'LOST' };

async function follow<T>(
  provider: HypervisorProvider,
  context: CallContext,
  deadline: number,
  operation: OperationRef,
): Promise<End<T>> {
  for (;;) {
    const progress = await provider.pollOperation<T>(operation, context);
    if (progress.state !== 'RUNNING') return progress;
    if (progress.percent !== null) {
      expect(progress.percent).toBeGreaterThanOrEqual(0);
      expect(progress.percent).toBeLessThanOrEqual(100);
    }
    if (Date.now() > deadline) throw new Error(`The operation ${operation.ref} did not end in time.`);
    await pause(progress.pollAfterMs);
  }
}

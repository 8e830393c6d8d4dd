import type {
  CallContext,
  HypervisorProvider,
  OperationProgress,
  OperationRef,
  Outcome,
} from '../../src/providers/contract';
import { pause } from './pause';

const MOST_LOST = 5;
const MOST_STAGES = 20;

/**
 * Makes a mutation until it is over, as every caller has to: polls what was accepted, and repeats what was lost or has
 * another stage to go.
 * @throws what the mutation or its operation failed with
 */
export async function settle<T>(
  provider: HypervisorProvider,
  context: CallContext,
  timeoutMs: number,
  mutate: () => Promise<Outcome<T>>,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (let lost = 0, stages = 0; lost < MOST_LOST && stages < MOST_STAGES;) {
    const outcome = await mutate();
    if (outcome.state === 'DONE') return outcome.value;
    await pause(outcome.pollAfterMs);
    const end = await follow<T>(provider, context, deadline, outcome.operation);
    if (end.state === 'DONE') return end.value;
    if (end.state === 'FAILED') throw end.error;
    if (end.state === 'LOST') lost += 1;
    else stages += 1;
  }
  throw new Error(`The operation was lost ${MOST_LOST} times, or had ${MOST_STAGES} stages and more to go.`);
}

type End<T> = Exclude<OperationProgress<T>, { state: 'RUNNING' }>;

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

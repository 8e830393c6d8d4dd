import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../kernel';
import type { CallContext, HypervisorProvider, OperationRef, Outcome } from '../providers/contract';
import type { StepContext } from '../tasks';

/** Work that a backend accepted and then lost is asked for again, this often within one attempt of a step. */
const MAX_LOST = 3;

interface AcceptedWork {
  readonly call: string;
  readonly operation: OperationRef;
}

/** What a provider is given when a step calls it. */
export function callContext(context: StepContext<unknown>): CallContext {
  return {
    signal: context.signal,
    logger: context.logger,
    reportProgress: (percent, message) => {
      context.report(percent, message);
    },
  };
}

/**
 * Performs one mutation on a backend to its very end, within a step. Accepted work is remembered durably and only
 * polled after a restart; lost work is asked for again, which the contract makes safe.
 * @param name unique within the step
 */
export async function performOnBackend<T>(
  context: StepContext<unknown>,
  provider: HypervisorProvider,
  name: string,
  mutate: (call: CallContext) => Promise<Outcome<T>>,
): Promise<T> {
  const call = callContext(context);
  const remembered = context.checkpoint<AcceptedWork>();
  let operation = remembered?.call === name ? remembered.operation : null;
  for (let lost = 0; lost <= MAX_LOST; lost += 1) {
    if (operation === null) {
      const outcome = await context.sideEffect(name, () => mutate(call));
      if (outcome.state === 'DONE') return outcome.value;
      ({ operation } = outcome);
      await context.saveCheckpoint({ call: name, operation } satisfies AcceptedWork);
      await sleep(outcome.pollAfterMs, undefined, { signal: context.signal });
    }
    const ended = await pollToEnd<T>(provider, operation, call);
    if ('value' in ended) return ended.value;
    // The next try has to ask anew and not to hear of this failure again.
    await context.saveCheckpoint(null);
    if ('error' in ended) throw ended.error;
    operation = null;
  }
  throw new AppError('UNAVAILABLE', 'The backend keeps losing the operation.');
}

async function pollToEnd<T>(
  provider: HypervisorProvider,
  operation: OperationRef,
  call: CallContext,
): Promise<{ value: T } | { error: AppError } | { lost: true }> {
  for (;;) {
    const progress = await provider.pollOperation<T>(operation, call);
    if (progress.state === 'DONE') return { value: progress.value };
    if (progress.state === 'FAILED') return { error: progress.error };
    if (progress.state === 'LOST') return { lost: true };
    if (progress.percent !== null) call.reportProgress(progress.percent, 'The backend is at work.');
    await sleep(progress.pollAfterMs, undefined, { signal: call.signal });
  }
}

/**
 * Waits until what an earlier attempt may have made is sure to be found: a creation whose reply was lost would otherwise
 * be made twice, or not be cleaned up, where listings lag. Call it on a repeated attempt, and before removing something
 * whose id is not known.
 */
export async function awaitListing(
  context: StepContext<unknown>,
  provider: HypervisorProvider,
  mayExist: boolean = context.attempt > 1,
): Promise<void> {
  const { listingLagMs } = provider.capabilities;
  if (mayExist && listingLagMs > 0) {
    await sleep(listingLagMs, undefined, { signal: context.signal });
  }
}

import { setTimeout as sleep } from 'node:timers/promises';
import { AppError, isProtected } from '../kernel';
import type {
  CallContext,
  HypervisorProvider,
  OperationProgress,
  OperationRef,
  Outcome,
} from '../providers/contract';
import { passWork, pollOf } from '../tasks';
import type { StepContext } from '../tasks';

/** Work that a backend accepted and then lost is asked for again, this often within one attempt of a step. */
const MAX_LOST = 3;
/** No mutation has that many stages: a provider that goes on like this does not find out what it has done. */
const MAX_STAGES = 20;

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
 * polled after a restart. Lost work is asked for again, and so is work whose next stage is due; the contract makes
 * both safe.
 * @param name unique within the step
 * @throws INTERNAL when the stages do not end, UNAVAILABLE when the work is lost each time
 */
export async function performOnBackend<T>(
  context: StepContext<unknown>,
  provider: HypervisorProvider,
  name: string,
  mutate: (call: CallContext) => Promise<Outcome<T>>,
): Promise<T> {
  const call = callContext(context);
  const remembered = context.checkpoint<AcceptedWork>();
  let operation = remembered?.call === name && isProtected('checkpoint') ? remembered.operation : null;
  for (let lost = 0, stages = 0; lost <= MAX_LOST;) {
    if (operation === null) {
      const outcome = await context.sideEffect(name, () => mutate(call));
      if (outcome.state === 'DONE') return outcome.value;
      ({ operation } = outcome);
      await context.saveCheckpoint({ call: name, operation } satisfies AcceptedWork);
      await sleep(outcome.pollAfterMs, undefined, { signal: context.signal });
    }
    const end = await pollToEnd<T>(context, provider, { call: name, operation });
    if (end.state === 'DONE') return end.value;
    passWork(context.task.operation, name, end.state, 'heard');
    // The next try has to ask anew and not to hear of this work again.
    await context.saveCheckpoint(null);
    passWork(context.task.operation, name, end.state, 'left');
    if (end.state === 'FAILED') throw end.error;
    operation = null;
    if (end.state === 'LOST') lost += 1;
    else if (++stages >= MAX_STAGES)
      throw new AppError('INTERNAL', 'The stages of the operation do not end.');
  }
  throw new AppError('UNAVAILABLE', 'The backend keeps losing the operation.');
}

async function pollToEnd<T>(
  context: StepContext<unknown>,
  provider: HypervisorProvider,
  { call: name, operation }: AcceptedWork,
): Promise<Exclude<OperationProgress<T>, { state: 'RUNNING' }>> {
  const call = callContext(context);
  for (;;) {
    const progress = await context.ask(pollOf(name), () => provider.pollOperation<T>(operation, call));
    if (progress.state !== 'RUNNING') return progress;
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
  if (mayExist && listingLagMs > 0 && isProtected('grace')) {
    await context.rest(listingLagMs);
  }
}

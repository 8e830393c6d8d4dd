import { setTimeout as sleep } from 'node:timers/promises';
import { unwatchedCall } from '../providers/contract';
import type { CallContext, HypervisorProvider, OperationRef, Outcome } from '../providers/contract';

/** Longer than any removal takes; what is not done by then the next pass asks for again. */
const REMOVAL_MS = 120_000;
const MAX_STAGES = 5;

type Removal = (call: CallContext) => Promise<Outcome<null>>;

/**
 * Performs a removal to its end. Nothing of it is remembered, because it may be repeated from the start at any time.
 * @returns false when it did not come to its end in time
 * @throws whatever the backend refuses it with, and the reason of `signal` when that is aborted
 */
export async function removeToEnd(
  provider: HypervisorProvider,
  { signal, logger }: CallContext,
  remove: Removal,
): Promise<boolean> {
  const timeout = AbortSignal.timeout(REMOVAL_MS);
  const call = unwatchedCall(AbortSignal.any([signal, timeout]), logger);
  try {
    return await performStages(provider, call, remove);
  } catch (error) {
    signal.throwIfAborted();
    if (timeout.aborted) return false;
    throw error;
  }
}

/** True when it is done; false when it has more stages than any removal. */
async function performStages(
  provider: HypervisorProvider,
  call: CallContext,
  remove: Removal,
): Promise<boolean> {
  for (let stage = 0; stage < MAX_STAGES; stage += 1) {
    const outcome = await remove(call);
    if (outcome.state === 'DONE') return true;
    await sleep(outcome.pollAfterMs, undefined, { signal: call.signal });
    if (await pollToEnd(provider, outcome.operation, call)) return true;
  }
  return false;
}

/** True when it is done; false when it has to be asked for again. */
async function pollToEnd(
  provider: HypervisorProvider,
  operation: OperationRef,
  call: CallContext,
): Promise<boolean> {
  for (;;) {
    const progress = await provider.pollOperation<null>(operation, call);
    if (progress.state === 'DONE') return true;
    if (progress.state === 'FAILED') throw progress.error;
    if (progress.state !== 'RUNNING') return false;
    await sleep(progress.pollAfterMs, undefined, { signal: call.signal });
  }
}

import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../kernel';
import type { CallContext, ProviderMethod } from '../contract';
import { translateFault } from './errors';
import { fateOf, hostDown } from './fault-plan';
import type { Fault, FaultPlan } from './fault-plan';
import type { MemoryModel } from './model';
import type { Fate } from './records';

export interface ConnectionParts {
  readonly model: MemoryModel;
  readonly faults: FaultPlan;
  readonly available: () => boolean;
  /** Asked before each call. */
  readonly admit?: (signal: AbortSignal) => Promise<void>;
  readonly onClose: () => void;
}

/** What lies between a caller and the host: latency, outages and lost replies. */
export class Connection {
  private readonly model: MemoryModel;
  private closed = false;

  constructor(private readonly parts: ConnectionParts) {
    this.model = parts.model;
  }

  close(): void {
    if (!this.closed) this.parts.onClose();
    this.closed = true;
  }

  read<T>(method: ProviderMethod, context: CallContext, action: (now: number) => T): Promise<T> {
    return this.call(method, context, async () => action(Date.now()), false);
  }

  mutate<T>(method: ProviderMethod, context: CallContext, action: (fate: Fate) => Promise<T>): Promise<T> {
    return this.call(
      method,
      context,
      async (fault) => {
        this.model.markDirty();
        const answer = await action(fateOf(fault));
        if (fault?.kind === 'LOSE_REPLY') throw hostDown();
        return answer;
      },
      true,
    );
  }

  private async call<T>(
    method: ProviderMethod,
    context: CallContext,
    action: (fault: Fault | null) => Promise<T>,
    mutation: boolean,
  ): Promise<T> {
    try {
      await this.reach(context.signal);
      const fault = this.parts.faults.next(method, mutation);
      if (fault?.kind === 'REFUSE') throw fault.error;
      if (fault?.kind === 'HANG') await untilAborted(context.signal);
      return await this.persisted(() => action(fault));
    } catch (error) {
      throw translateFault(cancelledOr(error, context.signal));
    }
  }

  /** What a call that fails has changed is kept too. */
  private async persisted<T>(action: () => Promise<T>): Promise<T> {
    this.model.wake();
    try {
      return await action();
    } finally {
      this.model.persist();
    }
  }

  private async reach(signal: AbortSignal): Promise<void> {
    if (this.closed) throw new AppError('UNAVAILABLE', 'The connection to the backend is closed.');
    signal.throwIfAborted();
    await this.parts.admit?.(signal);
    const { latencyMs } = this.model.config;
    if (latencyMs > 0) await sleep(latencyMs, undefined, { signal });
    if (!this.parts.available()) throw hostDown();
  }
}

async function untilAborted(signal: AbortSignal): Promise<never> {
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => {
      resolve();
    });
  });
  throw new AppError('CANCELLED', 'The call was cancelled.');
}

function cancelledOr(error: unknown, signal: AbortSignal): unknown {
  if (!signal.aborted || error instanceof AppError) return error;
  return new AppError('CANCELLED', 'The call was cancelled.', { cause: error });
}

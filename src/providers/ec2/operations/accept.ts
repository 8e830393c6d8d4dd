import { AppError } from '../../../kernel';
import type { OperationProgress, Outcome } from '../../contract';
import type { Ec2Account } from '../account';
import type { PlanOf, PlanType } from './stored';

/** How long to wait before asking again: a quarter of the age, within these. */
const POLL_MS = { least: 50, most: 5_000 };

/** Beyond the lag of listings: what is not shown by then is not there. */
const GRACE_MS = 5_000;

/** What a plan has besides the times, which follow from the moment. */
type NewPlan<Type extends PlanType> = Omit<PlanOf[Type], 'since' | 'deadline'>;

/** Answers for work that EC2 has accepted. */
export function accept<T, Type extends PlanType>(
  { config }: Ec2Account,
  type: Type,
  plan: NewPlan<Type>,
  since: number = Date.now(),
): Outcome<T> {
  const stored = { ...plan, since, deadline: Date.now() + config.operationTimeoutMs };
  return {
    state: 'ACCEPTED',
    operation: { type, ref: JSON.stringify(stored) },
    pollAfterMs: pollAfter(since),
  };
}

interface Times {
  readonly since: number;
  readonly deadline: number;
}

/** Whether what was accepted need not be seen yet. */
export function inGrace({ config }: Ec2Account, { since }: Times): boolean {
  return Date.now() < since + config.listingLagMs + GRACE_MS;
}

/** To be asked after again, unless it has taken too long. */
export function running({ since, deadline }: Times): OperationProgress<never> {
  if (Date.now() < deadline) return { state: 'RUNNING', percent: null, pollAfterMs: pollAfter(since) };
  const error = new AppError('DEADLINE_EXCEEDED', 'EC2 did not finish in time.', { retryable: false });
  return { state: 'FAILED', error };
}

function pollAfter(since: number): number {
  return Math.round(Math.min(POLL_MS.most, Math.max(POLL_MS.least, (Date.now() - since) / 4)));
}

import { AppError } from '../../kernel';
import type { ErrorCode } from '../../kernel';
import type { ProviderMethod } from '../contract';
import type { MemoryConfig } from './config';
import type { Fate } from './records';

/** What goes wrong with one call. FAIL_LATE and LOSE_OPERATION befall the work that the call begins. */
export type Fault =
  | { readonly kind: 'REFUSE'; readonly error: AppError }
  | { readonly kind: 'LOSE_REPLY' }
  | { readonly kind: 'HANG' }
  | { readonly kind: 'FAIL_LATE'; readonly code: ErrorCode; readonly message: string }
  | { readonly kind: 'LOSE_OPERATION' };

/** Decides for each call whether and how it goes wrong: first what a test ordered, then by probability. */
export class FaultPlan {
  private readonly ordered = new Map<ProviderMethod, Fault[]>();
  private readonly random: () => number;

  constructor(private readonly odds: MemoryConfig['faults']) {
    this.random = seededRandom(odds.seed);
  }

  order(method: ProviderMethod, fault: Fault): void {
    this.ordered.set(method, [...(this.ordered.get(method) ?? []), fault]);
  }

  next(method: ProviderMethod, mutation: boolean): Fault | null {
    const ordered = this.ordered.get(method)?.shift();
    if (ordered) return ordered;
    if (this.happens(this.odds.refuse)) return { kind: 'REFUSE', error: hostDown() };
    return mutation ? this.nextOfMutation() : null;
  }

  private nextOfMutation(): Fault | null {
    if (this.happens(this.odds.loseReply)) return { kind: 'LOSE_REPLY' };
    if (this.happens(this.odds.hang)) return { kind: 'HANG' };
    if (this.happens(this.odds.failLate)) {
      return { kind: 'FAIL_LATE', code: 'RESOURCE_EXHAUSTED', message: 'No host has room for it.' };
    }
    return this.happens(this.odds.loseOperation) ? { kind: 'LOSE_OPERATION' } : null;
  }

  private happens(probability: number): boolean {
    return probability > 0 && this.random() < probability;
  }
}

export function hostDown(): AppError {
  return new AppError('UNAVAILABLE', 'The backend cannot be reached.');
}

/** What becomes of the work that a call with this fault begins. */
export function fateOf(fault: Fault | null): Fate {
  if (fault?.kind === 'FAIL_LATE') return { kind: 'FAIL', code: fault.code, message: fault.message };
  if (fault?.kind === 'LOSE_OPERATION') return { kind: 'VANISH' };
  return { kind: 'FINISH' };
}

/** A linear congruential generator (the constants are Knuth's MMIX), so that a seed repeats a run. */
function seededRandom(seed: number): () => number {
  let state = BigInt.asUintN(64, BigInt(seed) * 2_654_435_761n + 1n);
  return () => {
    state = BigInt.asUintN(64, state * 6_364_136_223_846_793_005n + 1_442_695_040_888_963_407n);
    return Number(state >> 11n) / 2 ** 53;
  };
}

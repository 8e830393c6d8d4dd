import { AppError } from '../../../src/kernel';
import type { ErrorCode } from '../../../src/kernel';
import type { HypervisorProvider, Outcome } from '../../../src/providers/contract';
import { pause } from '../../conformance/pause';
import { contextOf } from '../../conformance/recording-context';
import { settle } from '../../conformance/settle';

const TIMEOUT_MS = 20_000;
/** In a storm a creation of fifteen calls gets through once in twenty tries. */
const MOST_TRIES = 500;

/** An error after which the contract's caller tries again. */
export interface Trouble {
  readonly code: ErrorCode;
  readonly message: string;
}

/**
 * Makes a mutation as the contract wants its callers to: what is retryable is repeated with the same arguments.
 * @param met gets every error after which it was repeated
 * @throws any other error
 */
export async function persist<T>(
  provider: HypervisorProvider,
  mutate: (provider: HypervisorProvider) => Promise<Outcome<T>>,
  met: Trouble[],
): Promise<T> {
  for (;;) {
    try {
      return await settle(provider, contextOf(), TIMEOUT_MS, () => mutate(provider));
    } catch (error) {
      if (!(error instanceof AppError) || !error.retryable || met.length >= MOST_TRIES) throw error;
      met.push({ code: error.code, message: error.message });
      await pause(10);
    }
  }
}

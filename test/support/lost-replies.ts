import { AppError } from '../../src/kernel';
import type { HypervisorProvider, ProviderMethod } from '../../src/providers/contract';

/** Makes a backend do what it is asked while the gateway never hears of it. */
export class LostReplies {
  private lost: ProviderMethod | null = null;

  /** The reply to the next call of this method is lost. */
  next(method: ProviderMethod): void {
    this.lost = method;
  }

  /** The same provider, whose replies can be lost. */
  losing(provider: HypervisorProvider): HypervisorProvider {
    return new Proxy(provider, {
      get: (target, name) => {
        const method: unknown = Reflect.get(target, name);
        if (typeof method !== 'function') return method;
        return async (...args: unknown[]): Promise<unknown> => {
          const answer: unknown = await Reflect.apply(method, target, args);
          if (this.lost !== name) return answer;
          this.lost = null;
          throw new AppError('UNAVAILABLE', 'The reply was lost.');
        };
      },
    });
  }
}

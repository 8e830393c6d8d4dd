import { AppError } from '../../../src/kernel';
import type { ErrorCode } from '../../../src/kernel';
import { guardProvider } from '../../../src/providers/contract';
import type { HypervisorProvider } from '../../../src/providers/contract';
import type { MemoryBackend, MemoryConfigInput } from '../../../src/providers/memory';

/** One way in which a provider may be wrong, and the cases that have to find it out. */
export interface Breakage {
  readonly name: string;
  readonly caughtBy: readonly string[];
  /** Of the backend; the breakage may be that it does not fit what the provider declares. */
  readonly config?: MemoryConfigInput;
  /** Overrides of a sound, guarded provider. */
  readonly overrides?: (sound: HypervisorProvider, backend: MemoryBackend) => Partial<HypervisorProvider>;
}

/** The sound provider, wrong in what `overrides` names. */
export function brokenProvider(breakage: Breakage, backend: MemoryBackend): HypervisorProvider {
  const sound = guardProvider(backend.connect());
  const overrides = breakage.overrides?.(sound, backend) ?? {};
  return new Proxy(sound, {
    get: (target, key: keyof HypervisorProvider) => {
      if (key in overrides) return overrides[key];
      const member = target[key];
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
}

export function fail(code: ErrorCode): never {
  throw new AppError(code, 'broken on purpose');
}

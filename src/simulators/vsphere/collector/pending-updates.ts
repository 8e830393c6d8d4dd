import { refKey } from '../vim/value-kinds';
import type { MoRef } from '../vim/values';

export type PendingUpdate =
  | { readonly kind: 'enter' | 'leave'; readonly ref: MoRef }
  | { readonly kind: 'modify'; readonly ref: MoRef; readonly paths: Set<string> };

/** What a client has not been told yet, at most one thing for each object. */
export class PendingUpdates {
  private readonly updates = new Map<string, PendingUpdate>();

  /** @param wasTold whether the client knows the object, so that it cannot enter once more */
  enter(ref: MoRef, wasTold: boolean, paths: readonly string[]): void {
    const update: PendingUpdate = wasTold
      ? { kind: 'modify', ref, paths: new Set(paths) }
      : { kind: 'enter', ref };
    this.updates.set(refKey(ref), update);
  }

  leave(ref: MoRef, wasTold: boolean): void {
    const key = refKey(ref);
    this.updates.delete(key);
    if (wasTold) this.updates.set(key, { kind: 'leave', ref });
  }

  modify(ref: MoRef, paths: readonly string[]): void {
    const known = this.updates.get(refKey(ref));
    if (!known) this.updates.set(refKey(ref), { kind: 'modify', ref, paths: new Set(paths) });
    else if (known.kind === 'modify') for (const path of paths) known.paths.add(path);
  }

  /** Takes the one that has waited longest; null when there is none. */
  take(): PendingUpdate | null {
    const [first] = this.updates;
    if (!first) return null;
    this.updates.delete(first[0]);
    return first[1];
  }

  /** Whether anything waits, once the modifications that `isNoNews` says so of are dropped. */
  hasNews(isNoNews: (update: PendingUpdate) => boolean): boolean {
    for (const [key, update] of this.updates) {
      if (!isNoNews(update)) return true;
      this.updates.delete(key);
    }
    return false;
  }

  clear(): void {
    this.updates.clear();
  }
}

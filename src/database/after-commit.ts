export type Hook = () => void;

/**
 * Calls what was to be called after a commit. What is committed is not taken back because one of them fails, and it keeps
 * no other from its turn: they only wake somebody, who looks by himself as well.
 */
export function callHooks(hooks: readonly Hook[]): void {
  for (const hook of hooks) {
    try {
      hook();
    } catch {
      // Nobody is left to be told.
    }
  }
}

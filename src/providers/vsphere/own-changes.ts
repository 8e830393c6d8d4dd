/**
 * What this process has changed on the server. Some changes are told late by the server's feed, or never: whoever
 * watches reads these again at once.
 */
export class OwnChanges {
  private readonly listeners = new Set<(vm: string) => void>();

  /** @param vm the value of the VM's reference */
  tell(vm: string): void {
    for (const listener of this.listeners) listener(vm);
  }

  /** Calls back until the returned function is called. */
  listen(listener: (vm: string) => void): () => void {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }
}

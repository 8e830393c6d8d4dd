/**
 * Work that serves everybody who asked before it began. Who asks while it is under way may have changed what
 * it looks at, and gets the next round, together with all others that ask meanwhile.
 */
export class SharedWork {
  private readonly rounds = new Map<string, { current: Promise<void>; next: Promise<void> | null }>();

  run(key: string, work: () => Promise<void>): Promise<void> {
    const round = this.rounds.get(key);
    if (!round) return this.begin(key, work);
    round.next ??= round.current.then(
      () => this.begin(key, work),
      () => this.begin(key, work),
    );
    return round.next;
  }

  private begin(key: string, work: () => Promise<void>): Promise<void> {
    const current = work().finally(() => {
      const round = this.rounds.get(key);
      if (round?.current === current && round.next === null) this.rounds.delete(key);
    });
    this.rounds.set(key, { current, next: null });
    return current;
  }
}

import type { Timers } from '../model/timers';
import type { World } from '../model/world';
import { saveWorld } from './saved-world';
import { writeStateFile } from './state-file';

/** Changes come in bursts: one write is for all of them. */
const DELAY_MS = 250;

/** Writes the state soon after changes, at once where somebody waits for it, and once more at the end. */
export class StateKeeper {
  private dirty = false;
  private isWriting = false;
  private cancelDue: (() => void) | null = null;
  private waiting: (() => void)[] = [];
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly world: World,
    private readonly timers: Timers,
    private readonly path: string,
    private readonly onError: (error: unknown) => void,
  ) {
    world.onChange(() => this.schedule());
  }

  /**
   * Calls back once all that has changed so far is in the file. When it cannot be written too: the simulator goes on
   * without.
   */
  whenWritten(then: () => void): void {
    this.waiting.push(then);
    this.schedule();
  }

  /** @throws when the file cannot be written, which is better known at the start */
  async open(): Promise<void> {
    await this.inTurn(() => this.save());
  }

  async close(): Promise<void> {
    this.cancelDue?.();
    await this.inTurn(async () => {
      if (this.dirty) await this.save();
    });
  }

  /** Two writings at once would take away each other's temporary file. */
  private inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.writing.then(work);
    this.writing = turn.catch(() => undefined);
    return turn;
  }

  private async save(): Promise<void> {
    this.dirty = false;
    await writeStateFile(this.path, saveWorld(this.world));
  }

  private schedule(): void {
    this.dirty = true;
    // It looks again at its end.
    if (this.isWriting) return;
    const isUrgent = this.waiting.length > 0;
    if (this.cancelDue !== null && !isUrgent) return;
    this.cancelDue?.();
    this.cancelDue = this.timers.after(isUrgent ? 0 : DELAY_MS, () => {
      this.isWriting = true;
      void this.inTurn(() => this.write());
    });
  }

  private async write(): Promise<void> {
    this.cancelDue = null;
    const waiting = this.waiting.splice(0);
    try {
      await this.save();
    } catch (error) {
      this.dirty = true;
      this.onError(error);
    } finally {
      this.isWriting = false;
    }
    for (const then of waiting) then();
    if (this.dirty) this.schedule();
  }
}

import type { Timers } from '../model/timers';
import type { World } from '../model/world';
import { saveWorld } from './saved-world';
import { writeStateFile } from './state-file';

/** Changes come in bursts: one write is for all of them. */
const DELAY_MS = 250;

/** Writes the state soon after changes, one write at a time, and once more at the end. */
export class StateKeeper {
  private scheduled = false;
  private dirty = false;
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly world: World,
    private readonly timers: Timers,
    private readonly path: string,
    private readonly onError: (error: unknown) => void,
  ) {
    world.onChange(() => this.schedule());
  }

  async close(): Promise<void> {
    await this.writing;
    if (this.dirty) await this.write();
  }

  private schedule(): void {
    this.dirty = true;
    if (this.scheduled) return;
    this.scheduled = true;
    this.timers.after(DELAY_MS, () => {
      this.writing = this.write().catch(this.onError);
    });
  }

  private async write(): Promise<void> {
    this.dirty = false;
    try {
      await writeStateFile(this.path, saveWorld(this.world));
    } catch (error) {
      this.dirty = true;
      throw error;
    } finally {
      this.scheduled = false;
      if (this.dirty) this.schedule();
    }
  }
}

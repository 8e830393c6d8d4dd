import type { Timers } from '../model/timers';
import type { World } from '../model/world';
import { writeStateFile } from './state-file';

/** Changes come in bursts: one write is for all of them. */
const DELAY_MS = 250;

/** Writes the state soon after it has changed, and once more at the end. */
export class StateKeeper {
  private dirty = false;
  private isDue = false;
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly world: World,
    private readonly timers: Timers,
    private readonly path: string,
    private readonly onError: (error: unknown) => void,
  ) {}

  /** @throws when the file cannot be written, which is better known at the start */
  async open(): Promise<void> {
    await writeStateFile(this.path, this.world);
    this.world.onChange(() => this.schedule());
  }

  async close(): Promise<void> {
    await this.writing;
    if (this.dirty) await writeStateFile(this.path, this.world);
    this.dirty = false;
  }

  private schedule(): void {
    this.dirty = true;
    if (this.isDue) return;
    this.isDue = true;
    this.timers.after(DELAY_MS, () => {
      this.writing = this.writing.then(() => this.write());
    });
  }

  private async write(): Promise<void> {
    this.isDue = false;
    this.dirty = false;
    try {
      await writeStateFile(this.path, this.world);
    } catch (error) {
      this.dirty = true;
      this.onError(error);
    }
  }
}

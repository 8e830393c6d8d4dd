import { writeStateFile } from './state-file';

/**
 * Keeps a file up to date. A change is in it before its request is answered, as a cloud forgets nothing that it has
 * confirmed; requests that come meanwhile share the next write.
 */
export class StateKeeper {
  private isDirty = false;
  private writing: Promise<void> | null = null;

  constructor(
    private readonly path: string,
    private readonly stateNow: () => unknown,
    private readonly onError: (error: unknown) => void,
  ) {}

  changed(): void {
    this.isDirty = true;
  }

  /** Resolves when all changes so far are in the file, or cannot be written: the simulator goes on without. */
  async whenKept(): Promise<void> {
    while (this.writing) await this.writing;
    if (!this.isDirty) return;
    this.writing = this.write().catch(this.onError);
    await this.writing;
  }

  /** @throws when the file cannot be written, which is better known at the start */
  async open(): Promise<void> {
    while (this.writing) await this.writing;
    const first = this.write();
    this.writing = first.catch(() => undefined);
    await first;
  }

  private async write(): Promise<void> {
    this.isDirty = false;
    try {
      await writeStateFile(this.path, this.stateNow());
    } finally {
      this.writing = null;
    }
  }
}

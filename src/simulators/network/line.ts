import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom } from './seeded-random';

export interface LineOptions {
  /** How long each call takes before it is looked at. */
  readonly latencyMs?: number;
  /** Up to so much more, evenly spread. */
  readonly jitterMs?: number;
  /** For all replies together; unlimited where unset. */
  readonly bytesPerSecond?: number;
  readonly seed?: number;
}

/** Small enough that two replies share the line fairly. */
const CHUNK_BYTES = 16_384;

/** A line that takes its time: latency for each call, and a width that all replies share. */
export class Line {
  private readonly random: () => number;
  private freeAt = 0;

  constructor(private readonly options: LineOptions = {}) {
    this.random = seededRandom(options.seed ?? 1);
  }

  async delay(signal: AbortSignal): Promise<void> {
    const { latencyMs = 0, jitterMs = 0 } = this.options;
    const total = latencyMs + jitterMs * this.random();
    if (total > 0) await sleep(total, undefined, { signal });
  }

  /** The largest piece to write at once. */
  get chunkBytes(): number {
    const { bytesPerSecond } = this.options;
    // A twentieth of a second, so that a narrow line does not come in bursts.
    return bytesPerSecond === undefined
      ? Number.MAX_SAFE_INTEGER
      : Math.max(1, Math.min(CHUNK_BYTES, Math.ceil(bytesPerSecond / 20)));
  }

  /** Resolves when the line has taken so many bytes. */
  async take(bytes: number, signal: AbortSignal): Promise<void> {
    const { bytesPerSecond } = this.options;
    if (bytesPerSecond === undefined) return;
    const now = performance.now();
    this.freeAt = Math.max(now, this.freeAt) + (bytes / bytesPerSecond) * 1_000;
    await sleep(this.freeAt - now, undefined, { signal });
  }
}

/** For how long an event is told as it was rendered, so that a storm of returning clients costs one rendering. */
const FRESH_MS = 1000;
const MAX_BYTES = 16 * 1024 * 1024;

interface Rendered {
  readonly text: Promise<Buffer>;
  readonly atMs: number;
  bytes: number;
}

/** The texts of the newest renderings, for equal subscriptions that come to the same event at about the same time. */
export class RenderedEvents {
  /** In the order of their making. */
  private readonly texts = new Map<string, Rendered>();
  private bytes = 0;

  /** The text under that key if it is fresh, or what `render` makes. */
  get(key: string, render: () => Promise<Buffer>): Promise<Buffer> {
    const known = this.texts.get(key);
    if (known !== undefined && performance.now() - known.atMs < FRESH_MS) return known.text;
    if (known !== undefined) this.forget(key, known);
    this.makeRoom();
    const made: Rendered = { text: render(), atMs: performance.now(), bytes: 0 };
    this.texts.set(key, made);
    made.text.then(
      ({ length }) => {
        if (this.texts.get(key) !== made) return;
        made.bytes = length;
        this.bytes += length;
      },
      () => {
        this.forget(key, made);
      },
    );
    return made.text;
  }

  private makeRoom(): void {
    const oldestMs = performance.now() - FRESH_MS;
    for (const [key, rendered] of this.texts) {
      if (this.bytes < MAX_BYTES && rendered.atMs > oldestMs) return;
      this.forget(key, rendered);
    }
  }

  private forget(key: string, rendered: Rendered): void {
    if (this.texts.get(key) !== rendered) return;
    this.texts.delete(key);
    this.bytes -= rendered.bytes;
  }
}

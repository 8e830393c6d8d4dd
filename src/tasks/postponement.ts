/**
 * Thrown by a step that has to wait for something that others do: the task gives its place up and looks again later.
 * A step that waited in its place could keep out the very task that it waits for. Throw it before any side effect.
 */
export class Postponement extends Error {
  constructor(
    message: string,
    /** When to look again, in milliseconds from now. */
    readonly delayMs: number,
  ) {
    super(message);
    this.name = 'Postponement';
  }
}

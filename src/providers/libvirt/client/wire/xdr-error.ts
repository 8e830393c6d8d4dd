/** A value that cannot be encoded, or bytes that are not the value they ought to be. */
export class XdrError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'XdrError';
  }
}

/** A value cannot be written: XML or its schema has no room for it. Nothing was sent. */
export class EncodingError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'EncodingError';
  }
}

import { createHash, createHmac } from 'node:crypto';

/** The same text for equal inputs, in whatever order their fields were written. */
function canonical(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value ?? null);
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined && field !== null)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`).join(',')}}`;
}

/**
 * Tells equal inputs from others without keeping them. Inputs hold what guests are given, passwords among it, which
 * could be guessed against a plain hash; so it is an HMAC under a key of the installation.
 */
export class InputHash {
  constructor(private readonly key: Buffer) {}

  /** HMAC-SHA256, in hexadecimal. */
  of(input: object): string {
    return createHmac('sha256', this.key).update(canonical(input)).digest('hex');
  }

  /**
   * Whether a stored hash is of this input. Gateways before this one stored a plain SHA-256: their replays are still
   * answered, until the last of those rows is a day old.
   */
  matches(stored: string, input: object): boolean {
    if (stored === this.of(input)) return true;
    return stored === createHash('sha256').update(canonical(input)).digest('hex');
  }
}

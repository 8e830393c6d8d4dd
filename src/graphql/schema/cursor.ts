import { invalidArgument } from '../../kernel';

/** Where a row stands in its connection's order: by `value` first where the order has one, then by `id`. */
export interface CursorKey {
  /** The row's global id, which decides between equal values. */
  readonly id: string;
  /** The row's value in the column that orders the connection; null where the id alone orders it. */
  readonly value: string | number | null;
}

const MAX_CURSOR_LENGTH = 1024;

/** An opaque cursor: base64url over a JSON array. Clients hand it back, they never read it. */
export function encodeCursor(key: CursorKey, order = ''): string {
  return Buffer.from(JSON.stringify([key.id, order, key.value])).toString('base64url');
}

function parseCursor(cursor: string): unknown {
  if (cursor.length > MAX_CURSOR_LENGTH || !/^[\w-]+$/.test(cursor)) return null;
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
}

/**
 * The key inside a cursor of ours.
 * @param field the argument to name when it is refused
 * @throws INVALID_ARGUMENT when it is not one, or was made under another order
 */
export function decodeCursor(field: string, cursor: string, order = ''): CursorKey {
  const parts = parseCursor(cursor);
  if (Array.isArray(parts) && parts.length === 3) {
    const [id, madeUnder, value] = parts as [unknown, unknown, unknown];
    const isValue = value === null || typeof value === 'string' || typeof value === 'number';
    if (typeof id === 'string' && id !== '' && isValue && typeof madeUnder === 'string') {
      if (madeUnder !== order) throw invalidArgument(field, 'this cursor belongs to another ordering.');
      return { id, value };
    }
  }
  throw invalidArgument(field, 'is not a cursor of this connection.');
}

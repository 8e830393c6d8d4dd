/** More different ones than a sane server has of type names, enumerations and paths; past it they are not kept. */
const MOST = 10_000;
const LONGEST = 100;

const known = new Map<string, string>();

/**
 * The same text, one copy for all who have it. A parsed text is a slice that keeps its whole chunk in memory, and names
 * of types and properties come by the ten thousand.
 */
export function interned(text: string): string {
  const kept = known.get(text);
  if (kept !== undefined) return kept;
  if (text.length > LONGEST || known.size >= MOST) return text;
  const copy = Buffer.from(text, 'utf8').toString('utf8');
  known.set(copy, copy);
  return copy;
}

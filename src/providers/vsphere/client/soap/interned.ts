/** More different ones than a sane server has of type names, enumerations and paths; past it they are not kept. */
const MOST = 10_000;
const LONGEST = 100;

const known = new Map<string, string>();

/** The shortest text that V8 takes as a slice of another. */
const SLICE = 13;

/** The same text with memory of its own: a slice keeps the whole chunk that it was read from. */
export function detached(text: string): string {
  return text.length < SLICE ? text : `${text} `.slice(0, -1);
}

/** The same text, one copy for all who have it: names of types and properties come by the ten thousand. */
export function interned(text: string): string {
  const kept = known.get(text);
  if (kept !== undefined) return kept;
  if (text.length > LONGEST || known.size >= MOST) return text;
  const copy = detached(text);
  known.set(copy, copy);
  return copy;
}

/** How errors name a place in the input: `input.labels[0].name`. */
export function fieldPath(path: readonly (string | number)[]): string {
  return path
    .map((key, depth) => (typeof key === 'number' ? `[${String(key)}]` : depth > 0 ? `.${key}` : key))
    .join('');
}

/**
 * The configuration cannot be used. The message names every problem on a line of its own as
 * `path.to[0].key: what is allowed`, and never repeats a value, for values hold passwords.
 */
export class ConfigError extends Error {
  constructor(
    source: string,
    readonly problems: readonly string[],
  ) {
    super(`The configuration (${source}) cannot be used:\n${problems.map((line) => `  ${line}`).join('\n')}`);
    this.name = 'ConfigError';
  }
}

export type ConfigPath = readonly PropertyKey[];

/** `['backends', 0, 'name']` becomes `backends[0].name`. */
export function printPath(path: ConfigPath): string {
  const printed = path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');
  return printed === '' ? '(the whole file)' : printed;
}

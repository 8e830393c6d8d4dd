import { type ConfigPath, printPath } from './config-error';

export type Env = Readonly<Record<string, string | undefined>>;

/** `$${` stands for a literal `${`. */
const REFERENCE = /\$\$\{|\$\{([^}]*)\}?/g;

interface Expansion {
  readonly value: unknown;
  readonly problems: readonly string[];
}

function expandText(text: string, env: Env, path: ConfigPath): Expansion {
  const problems: string[] = [];
  const value = text.replace(REFERENCE, (reference, name: string | undefined) => {
    if (name === undefined) return '${';
    if (!reference.endsWith('}') || !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
      problems.push(`${printPath(path)}: a reference looks like \${NAME}; write $\${ for a plain \${`);
      return '';
    }
    const found = env[name];
    if (found === undefined) {
      problems.push(`${printPath(path)}: the environment variable ${name} has to be set`);
      return '';
    }
    return found;
  });
  return { value, problems };
}

function expandEntries(entries: readonly (readonly [PropertyKey, unknown])[], env: Env, path: ConfigPath) {
  const expanded = entries.map(([key, child]) => [key, expandEnv(child, env, [...path, key])] as const);
  return {
    entries: expanded.map(([key, { value }]) => [key, value] as const),
    problems: expanded.flatMap(([, { problems }]) => problems),
  };
}

/**
 * Replaces `${NAME}` inside every string value by the environment's variable. What a variable holds is taken as
 * it is: it is not parsed as YAML and not expanded again.
 */
export function expandEnv(value: unknown, env: Env, path: ConfigPath = []): Expansion {
  if (typeof value === 'string') return expandText(value, env, path);
  if (Array.isArray(value)) {
    const { entries, problems } = expandEntries([...value.entries()], env, path);
    return { value: entries.map(([, child]) => child), problems };
  }
  if (typeof value === 'object' && value !== null) {
    const { entries, problems } = expandEntries(Object.entries(value), env, path);
    return { value: Object.fromEntries(entries), problems };
  }
  return { value, problems: [] };
}

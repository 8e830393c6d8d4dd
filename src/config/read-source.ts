import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import { ConfigError } from './config-error';
import { defaultBackends } from './default-backends';
import type { Env } from './expand-env';

export interface Source {
  /** For messages: the file's path, or `embedded default`. */
  readonly name: string;
  readonly value: unknown;
}

export interface SourceOptions {
  readonly env: Env;
  readonly cwd: string;
  /** The kinds of provider that there are, and those that can be simulated. */
  readonly kinds: readonly string[];
  readonly simulated: readonly string[];
}

/** The parser's own messages quote the line, which may hold a password: only place and kind are told. */
function parseYaml(path: string, text: string): unknown {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false, logLevel: 'silent' });
  // The first one only: a parser that has lost its way reports the same mistake again.
  const [error] = document.errors;
  if (error !== undefined) {
    const { line, col } = lineCounter.linePos(error.pos[0]);
    throw new ConfigError(path, [`line ${line}, column ${col}: not valid YAML (${error.code})`]);
  }
  return (document.toJS() as unknown) ?? {};
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConfigError(path, [
      `the file cannot be read (${(error as NodeJS.ErrnoException).code ?? 'error'})`,
    ]);
  }
}

/** A file that says nothing of backends gets those that a first start has. */
function withBackends(value: unknown, backends: readonly object[]): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || 'backends' in value)
    return value;
  return { ...value, backends };
}

/**
 * The file that `HYPERGATE_CONFIG` names, else `hypergate.yaml` of the working directory if there is one, else
 * the embedded default.
 * @throws ConfigError when the file cannot be read or is no YAML
 */
export function readSource({ env, cwd, kinds, simulated }: SourceOptions): Source {
  const named = env['HYPERGATE_CONFIG'];
  const path = resolve(cwd, named === undefined || named === '' ? 'hypergate.yaml' : named);
  const backends = defaultBackends({ kinds, simulated, fileExists: existsSync });
  if (!named && !existsSync(path)) return { name: 'embedded default', value: { backends } };
  return { name: path, value: withBackends(parseYaml(path, readText(path)), backends) };
}

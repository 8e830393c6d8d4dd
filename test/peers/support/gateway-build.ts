import { execFile } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const ROOT = resolve(__dirname, '../../..');

/** What `npm start` starts. */
export const GATEWAY_MAIN = join(ROOT, 'dist/src/main.js');

function newestBelow(path: string): number {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newestBelow(join(path, name))));
}

function isStale(): boolean {
  const built = statSync(GATEWAY_MAIN, { throwIfNoEntry: false });
  if (!built) return true;
  const sources = ['src', 'ormconfig.ts', 'tsconfig.json', 'tsconfig.build.json', 'package.json'];
  return sources.some((name) => newestBelow(join(ROOT, name)) > built.mtimeMs);
}

let building: Promise<void> | null = null;

/** Builds the gateway as `npm run build` does, unless it is built already. Whoever asks meanwhile waits for the same. */
export async function buildGateway(): Promise<void> {
  building ??= build().finally(() => (building = null));
  return building;
}

async function build(): Promise<void> {
  if (!isStale()) return;
  try {
    await promisify(execFile)('npm', ['run', '--silent', 'build'], { cwd: ROOT });
  } catch (error) {
    throw new Error(`The gateway cannot be built:\n${(error as { stdout?: string }).stdout ?? ''}`, {
      cause: error,
    });
  }
}

import { readFileSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AppError } from '../../../kernel';
import { savedAccountSchema } from './saved-account';
import type { SavedAccount } from './saved-account';

/** Null when there is no file yet. */
export function readStateFile(path: string): SavedAccount | null {
  try {
    return savedAccountSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new AppError('INTERNAL', `The state file ${path} cannot be read.`, { cause: error });
  }
}

/** A crash in the middle leaves the old file whole: the new one takes its place in one step. */
export async function writeStateFile(path: string, state: unknown): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(temporary, JSON.stringify(state), { mode: 0o600 });
  await rename(temporary, path);
}

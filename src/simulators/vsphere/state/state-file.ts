import { readFileSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AppError } from '../../../kernel';
import { savedWorldSchema } from './saved-world';
import type { SavedWorld } from './saved-world';

/** Null when there is no file yet. */
export function readStateFile(path: string): SavedWorld | null {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw unusable(path, error);
  }
  try {
    return savedWorldSchema.parse(JSON.parse(text));
  } catch (error) {
    throw unusable(path, error);
  }
}

/** A crash in the middle leaves the old file whole: the new one takes its place in one step. */
export async function writeStateFile(path: string, world: SavedWorld): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(temporary, JSON.stringify(world));
  await rename(temporary, path);
}

function unusable(path: string, cause: unknown): AppError {
  return new AppError('INTERNAL', `The state file ${path} cannot be read.`, { cause });
}

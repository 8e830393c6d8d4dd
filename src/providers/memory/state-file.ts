import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { HypervisorFault } from './errors';
import { backendStateSchema } from './records';
import type { BackendState } from './records';

/** Null when there is no file yet. */
export function readStateFile(path: string): BackendState | null {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw unreadable(path, error);
  }
  try {
    return backendStateSchema.parse(JSON.parse(text));
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** A crash in the middle leaves the old file whole: the new one takes its place in one step. */
export function writeStateFile(path: string, state: BackendState): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(temporary, JSON.stringify(state));
    renameSync(temporary, path);
  } catch (error) {
    throw new HypervisorFault('StateUnreadable', "The backend's state cannot be written.", error);
  }
}

function unreadable(path: string, error: unknown): HypervisorFault {
  const cause = new Error(`The state file ${path} cannot be read.`, { cause: error });
  return new HypervisorFault('StateUnreadable', "The backend's state cannot be read.", cause);
}

import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { AppError } from '../kernel';
import { isRetriableConflict } from './database-errors';

/** Held until the process ends, however it ends: the operating system lets go of it. */
export interface ProcessLock {
  release(): void;
}

/**
 * Makes sure that one gateway at a time works on a SQLite database, by holding an exclusive transaction on a file of
 * its own beside it.
 * @param file the database's file
 * @throws FAILED_PRECONDITION when another process holds it
 */
export function lockSqliteDatabase(file: string): ProcessLock {
  mkdirSync(dirname(file), { recursive: true });
  const lock = new BetterSqlite3(`${file}.lock`, { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if (!isRetriableConflict(error)) throw error;
    throw new AppError('FAILED_PRECONDITION', `Another gateway is using ${file}; it has to stop first.`);
  }
  return {
    release: () => {
      lock.close();
    },
  };
}

import type { DataSource, QueryRunner } from 'typeorm';
import { translateConnectionError } from './database-errors';

/** The part of a DataSource that all of its queries pass through, those of a repository and of a builder too. */
type Source = Pick<DataSource, 'createQueryRunner'>;

/** Those that translate already: SQLite's driver hands out the same runner again and again. */
const translators = new WeakSet<QueryRunner>();

function translating(runner: QueryRunner): QueryRunner {
  if (translators.has(runner)) return runner;
  translators.add(runner);
  const query = runner.query.bind(runner) as (...args: unknown[]) => Promise<unknown>;
  const told = async (...args: unknown[]): Promise<unknown> => {
    try {
      return await query(...args);
    } catch (error) {
      throw translateConnectionError(error);
    }
  };
  runner.query = told as QueryRunner['query'];
  return runner;
}

/**
 * From now on a query that finds the database away fails with UNAVAILABLE, whoever asks: a plain read would otherwise
 * look like a fault of ours, which nobody tries again.
 */
export function tellWhenAway<T extends Source>(source: T): T {
  const create = source.createQueryRunner.bind(source);
  source.createQueryRunner = (mode) => translating(create(mode));
  return source;
}

import type { OpenDatabases } from '../support/test-databases';
import { describeMigrations } from './migrations.cases';
import { describeTransactions } from './transactions.cases';

/** Everything that must hold on every database that the product runs on. */
export function describeStores(kind: string, open: OpenDatabases): void {
  describeTransactions(kind, open);
  describeMigrations(kind, open);
}

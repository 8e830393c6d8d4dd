import type { OpenDatabases } from '../support/test-databases';
import { describeDuties } from './duties.cases';
import { describeIdempotency } from './idempotency.cases';
import { describeLists } from './lists.cases';
import { describeMigrations } from './migrations.cases';
import { describeOutbox } from './outbox.cases';
import { describeQuotas } from './quotas.cases';
import { describeSightings } from './sightings.cases';
import { describeTransactions } from './transactions.cases';

/** Everything that must hold on every database that the product runs on. */
export function describeStores(kind: string, open: OpenDatabases): void {
  describeTransactions(kind, open);
  describeMigrations(kind, open);
  describeOutbox(kind, open);
  describeIdempotency(kind, open);
  describeSightings(kind, open);
  describeLists(kind, open);
  describeDuties(kind, open);
  describeQuotas(kind, open);
}

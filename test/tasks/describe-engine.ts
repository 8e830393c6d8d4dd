import type { OpenDatabases } from '../support/test-databases';
import { describeTurns } from './turns.cases';

/** Everything that the task engine promises, on any database. */
export function describeEngine(kind: string, open: OpenDatabases): void {
  describeTurns(kind, open);
}

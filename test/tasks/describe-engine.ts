import type { OpenDatabases } from '../support/test-databases';
import { describeCancellation } from './cancellation.cases';
import { describeDeadlines } from './deadlines.cases';
import { describeFairness } from './fairness.cases';
import { describeLostAnswers } from './lost-answers.cases';
import { describeStops } from './stops.cases';
import { describeTurns } from './turns.cases';
import { describeWorkers } from './workers.cases';

/** Everything that the task engine promises, on any database. */
export function describeEngine(kind: string, open: OpenDatabases): void {
  describeTurns(kind, open);
  describeCancellation(kind, open);
  describeDeadlines(kind, open);
  describeFairness(kind, open);
  describeWorkers(kind, open);
  describeStops(kind, open);
  describeLostAnswers(kind, open);
}

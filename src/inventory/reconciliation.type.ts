import { Field, Int, ObjectType } from 'type-graphql';
import { toDate } from '../graphql';
import type { FindingType, ReconciliationSummary } from './sighting';

@ObjectType({ description: 'How a backend and the database differed when they were last compared.' })
export class Reconciliation {
  @Field(() => Date, { nullable: true, description: 'When they were last compared in whole.' })
  lastPassAt!: Date | null;

  @Field(() => Int, {
    description: 'The number of VMs and networks there that nobody will ever ask for again.',
  })
  orphans!: number;

  @Field(() => Int, {
    description: 'The number of VMs and networks on record that the backend does not list.',
  })
  missing!: number;

  @Field(() => Int, {
    description: 'The number of VMs and networks that carry another one’s marker. They are never removed.',
  })
  copies!: number;
}

export function toReconciliation({ lastPassAt, sightings }: ReconciliationSummary): Reconciliation {
  const count = (wanted: FindingType): number => sightings.filter(({ type }) => type === wanted).length;
  return {
    lastPassAt: toDate(lastPassAt),
    orphans: count('ORPHAN'),
    missing: count('MISSING') + count('LOST'),
    copies: count('COPY'),
  };
}

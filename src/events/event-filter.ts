import type { EventTopic, PlacedEvent } from './event';

/** Which events a reader may and wants to see. */
export interface EventFilter {
  readonly topic: EventTopic;
  /** Undefined stands for every tenant. */
  readonly tenantId?: string | undefined;
  readonly subjectId?: string | undefined;
}

export function fits(event: PlacedEvent, { topic, tenantId, subjectId }: EventFilter): boolean {
  return (
    event.topic === topic &&
    (tenantId === undefined || event.tenantId === tenantId) &&
    (subjectId === undefined || event.subjectId === subjectId)
  );
}

const ANY = '*';

/** A name for a filter: equal for filters that let the same events through. Null lets all of them through. */
export function interestOf(filter: EventFilter | null): string {
  return filter === null ? ANY : `${filter.topic} ${filter.tenantId ?? ANY} ${filter.subjectId ?? ANY}`;
}

/** The names of all filters that an event gets through. */
export function interestsIn({ topic, tenantId, subjectId }: PlacedEvent): string[] {
  const tenants = tenantId === null ? [undefined] : [undefined, tenantId];
  const named = tenants.flatMap((tenant) =>
    [undefined, subjectId].map((subject) => interestOf({ topic, tenantId: tenant, subjectId: subject })),
  );
  return [ANY, ...named];
}

/** What an event tells of; each topic's payloads belong to one noun. */
export type EventTopic = 'TASK' | 'VM';

/** A change as written into the outbox, in the transaction of the change itself. */
export interface EventDraft {
  readonly topic: EventTopic;
  readonly subjectId: string;
  /** Gapless per subject, beginning with 1. */
  readonly sequence: number;
  /** Null for events that no tenant may see. */
  readonly tenantId: string | null;
  readonly kind: string;
  /** Milliseconds since the epoch, by the database's clock. */
  readonly at: number;
  /** A snapshot of the subject as the change left it. */
  readonly payload: unknown;
}

/** An event with its place in the one order that every subscriber sees. */
export interface PlacedEvent extends EventDraft {
  /** Gapless over the whole installation, given after the commit; never shown as such. */
  readonly position: number;
}

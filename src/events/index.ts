export type { EventDraft, EventTopic, PlacedEvent } from './event';
export { EventCursors } from './event-cursor';
export { EventFeed } from './event-feed';
export { streamEvents } from './event-stream';
export type { StreamItem } from './event-stream';
export type { EventFilter } from './outbox.store';
export { outboxHeadTable, outboxTable } from './outbox.table';
export { eventSubscription } from './event-subscription';

/** What a replica may tell the others: that there is something new, and of which kind. Never what. */
export const TOPICS = ['events', 'tasks', 'duties'] as const;
export type Topic = (typeof TOPICS)[number];

/**
 * Hints between the replicas. Everything that is true stands in the database, and everybody looks there now and then:
 * a hint that is lost costs the time until the next look, one that comes too often a query.
 */
export interface Broker {
  /** Whether hints go out and come in. */
  readonly isUp: boolean;
  /** Tells the other replicas, sooner or later or not at all. Never throws; many calls become one hint. */
  tell(topic: Topic): void;
  /** Calls `listener` when another replica may have something new, also when hints may have been missed. */
  listen(topic: Topic, listener: () => void): void;
  close(): Promise<void>;
}

/** What became of a hint. */
export type HintFate = 'sent' | 'received' | 'lost';

/** For an installation of one replica, and for those that are content with looking now and then. */
export const noBroker: Broker = {
  isUp: false,
  tell: () => undefined,
  listen: () => undefined,
  close: () => Promise.resolve(),
};

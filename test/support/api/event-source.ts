import type { Client } from 'graphql-ws';
import type { ApiError, Data } from './api-answer';

/** How a socket ended. */
export interface SocketEnd {
  readonly code: number;
  readonly reason: string;
}

/** A subscription that the API refused. */
export class RefusedSubscription extends Error {
  constructor(readonly errors: readonly ApiError[]) {
    super(errors[0]?.message);
    this.name = 'RefusedSubscription';
  }
}

/** The events of one subscription, one at a time. */
export class EventSource {
  constructor(
    private readonly client: Client,
    private readonly results: AsyncIterableIterator<{ readonly data?: Data; readonly errors?: unknown }>,
  ) {}

  /**
   * The data of the next event; null after the last one.
   * @throws RefusedSubscription for an error of the API, and a `SocketEnd` when the socket breaks
   */
  async next(): Promise<Data> {
    const { value, done } = await this.results.next().catch((error: unknown) => {
      throw Array.isArray(error) ? new RefusedSubscription(error as ApiError[]) : error;
    });
    if (done === true) return null;
    if (Array.isArray(value.errors)) throw new RefusedSubscription(value.errors as ApiError[]);
    return value.data;
  }

  /** The next event that is as wanted; those before it are passed over. */
  async until(wanted: (data: Data) => boolean): Promise<Data> {
    for (;;) {
      const data = await this.next();
      if (data === null) throw new Error('The stream ended before what was waited for.');
      if (wanted(data)) return data;
    }
  }

  /** All events to the end of a stream that completes by itself. */
  async rest(): Promise<Data[]> {
    const all: Data[] = [];
    for (let data = await this.next(); data !== null; data = await this.next()) all.push(data);
    return all;
  }

  async close(): Promise<void> {
    await this.results.return?.();
    await this.client.dispose();
  }
}

/** The errors with which a subscription is refused. */
export async function refusalOf(source: EventSource): Promise<readonly ApiError[]> {
  try {
    const data: unknown = await source.next();
    throw new Error(`The subscription was not refused: ${JSON.stringify(data)}`);
  } catch (error) {
    if (error instanceof RefusedSubscription) return error.errors;
    throw error;
  } finally {
    await source.close();
  }
}

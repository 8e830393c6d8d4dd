import { setTimeout as sleep } from 'node:timers/promises';
import { ServerProcess } from './server-process';
import { openSubscribers } from './subscriber';
import type { ReceivedEvent, Subscriber } from './subscriber';

const CLIENTS = 1000;
const STORMS = 3;
const EVENTS_PER_TICK = 1;
const TICK_MS = 20;
const BETWEEN_STORMS_MS = 2000;
const WITHIN_MS = 120_000;

export interface ReconnectStorm {
  readonly events: number;
  readonly gaps: number;
  readonly duplicates: number;
  readonly lags: number;
  /** The longest until all had sent their subscription again. */
  readonly reconnectedWithinMs: number;
}

/** What one client has seen over all its connections. */
class Log {
  cursor: string | null = null;
  first: number | null = null;
  last = 0;
  gaps = 0;
  duplicates = 0;
  lags = 0;

  take({ cursor, kind, task }: ReceivedEvent): void {
    this.cursor = cursor;
    if (kind === 'LAGGED') {
      this.lags += 1;
      return;
    }
    const number = Number(task.message.split(' ')[0]);
    this.first ??= number;
    if (number <= this.last) this.duplicates += 1;
    else if (this.last > 0 && number > this.last + 1) this.gaps += number - this.last - 1;
    this.last = Math.max(this.last, number);
  }
}

/** A source of events that goes on until it is stopped; answers how many there were. */
function emitSteadily(server: ServerProcess): () => Promise<number> {
  let going = true;
  const emitting = (async () => {
    let emitted = 0;
    for (; going; emitted += EVENTS_PER_TICK) {
      await server.emit(EVENTS_PER_TICK);
      await sleep(TICK_MS);
    }
    return emitted;
  })();
  return () => {
    going = false;
    return emitting;
  };
}

/** All clients lose their connections at once, and come back with their last cursors, while events go on. */
export async function measureReconnectStorm(): Promise<ReconnectStorm> {
  const server = await ServerProcess.start('gateway-server');
  try {
    const logs = Array.from({ length: CLIENTS }, () => new Log());
    let connected = 0;
    const connect = (): Promise<Subscriber[]> => {
      connected += 1;
      const connection = connected;
      const after = (index: number): string | null => logs[index]?.cursor ?? null;
      return openSubscribers(server.url, CLIENTS, after, (event, index) => {
        // What a broken connection still held was not read by its program.
        if (connection === connected) logs[index]?.take(event);
      });
    };
    let subscribers = await connect();
    await sleep(BETWEEN_STORMS_MS); // until the server has taken up the last of them
    const stop = emitSteadily(server);
    let reconnectedWithinMs = 0;
    for (let storm = 0; storm < STORMS; storm += 1) {
      await sleep(BETWEEN_STORMS_MS);
      for (const one of subscribers) one.drop();
      const startedAt = performance.now();
      subscribers = await connect();
      reconnectedWithinMs = Math.max(reconnectedWithinMs, performance.now() - startedAt);
    }
    const events = await stop();
    const deadline = Date.now() + WITHIN_MS;
    while (logs.some(({ last }) => last < events) && Date.now() < deadline) await sleep(20);
    const sum = (of: (log: Log) => number): number => logs.reduce((total, log) => total + of(log), 0);
    const missing = sum(({ first, last }) => (first ?? 1) - 1 + Math.max(0, events - last));
    return {
      ...{ events, reconnectedWithinMs },
      gaps: missing + sum(({ gaps }) => gaps),
      duplicates: sum(({ duplicates }) => duplicates),
      lags: sum(({ lags }) => lags),
    };
  } finally {
    await server.stop();
  }
}

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { TASK_EVENT_STREAMS } from '../../src/tasks';
import type { TaskEvent, TaskEventStreams } from '../../src/tasks/task-event-streams';
import { openApi } from './api';
import { EventWriter } from './event-writer';
import { serveOrders } from './serve-orders';

type Push = (event: TaskEvent) => void;

/** Everybody's own queue, as examples of pub/sub have it: without a bound. */
class NaivePubSub {
  private readonly subscribers = new Set<Push>();

  publish(event: TaskEvent): void {
    for (const push of this.subscribers) push(event);
  }

  async *subscribe(): AsyncGenerator<TaskEvent, void> {
    const queue: TaskEvent[] = [];
    let wake: (() => void) | null = null;
    const push: Push = (event) => {
      queue.push(event);
      wake?.();
    };
    this.subscribers.add(push);
    try {
      for (;;) {
        for (let event = queue.shift(); event !== undefined; event = queue.shift()) yield event;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    } finally {
      this.subscribers.delete(push);
    }
  }
}

/** graphql-ws as its manual sets it up, with the same schema and the same resolvers of the event's fields. */
async function main(): Promise<void> {
  const pubSub = new NaivePubSub();
  const streams = { subscribe: () => Promise.resolve(pubSub.subscribe()) } as unknown as TaskEventStreams;
  const seeds = new Map<unknown, unknown>([[TASK_EVENT_STREAMS, streams]]);
  const context = { scope: {}, loader: (key: unknown): unknown => seeds.get(key) };
  const { schema } = await openApi();
  const http = createServer();
  const sockets = new WebSocketServer({ server: http, path: '/graphql' });
  useServer({ schema, context: () => context }, sockets);
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const writer = new EventWriter();
  const emit = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i += 1) {
      const { payload, at } = writer.next();
      pubSub.publish({ cursor: 'A'.repeat(22), kind: 'PROGRESS', at, task: payload } as TaskEvent);
    }
    await Promise.resolve();
  };
  serveOrders((http.address() as AddressInfo).port, emit, () => sockets.clients.size);
}

void main();

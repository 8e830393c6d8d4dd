import { once } from 'node:events';
import { WebSocket } from 'ws';
import { SUBSCRIPTION, TOKEN } from './protocol';

interface Message {
  readonly id?: string;
  readonly type: string;
  readonly payload?: { readonly data?: { readonly taskEvents: ReceivedEvent } };
}

export interface ReceivedEvent {
  readonly cursor: string;
  readonly kind: string;
  readonly task: { readonly message: string };
}

/** One client with one subscription, under an id of its own as the common clients have it. */
export class Subscriber {
  /** Events received, LAGGED among them. */
  count = 0;
  /** Called with each frame's text; to be left out where only the number counts. */
  onEvent: ((event: ReceivedEvent) => void) | null = null;
  private readonly id = globalThis.crypto.randomUUID();

  private constructor(readonly socket: WebSocket) {}

  /** Resolves when the subscription was sent. */
  static async open(
    url: string,
    after: string | null,
    onEvent?: (event: ReceivedEvent) => void,
  ): Promise<Subscriber> {
    const socket = new WebSocket(url, 'graphql-transport-ws', {
      perMessageDeflate: false,
      skipUTF8Validation: true,
    });
    const subscriber = new Subscriber(socket);
    subscriber.onEvent = onEvent ?? null;
    await once(socket, 'open');
    socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${TOKEN}` } }));
    await once(socket, 'message');
    socket.on('message', (data: Buffer) => {
      subscriber.receive(data);
    });
    socket.on('error', () => undefined);
    const payload = { query: SUBSCRIPTION, variables: { after } };
    socket.send(JSON.stringify({ id: subscriber.id, type: 'subscribe', payload }));
    return subscriber;
  }

  private receive(data: Buffer): void {
    this.count += 1;
    if (this.onEvent === null) return;
    const event = (JSON.parse(data.toString()) as Message).payload?.data?.taskEvents;
    if (event === undefined) throw new Error(`Unexpected message: ${data.toString()}`);
    this.onEvent(event);
  }

  /** Stops to read, as a program does that hangs. */
  stopReading(): void {
    this.socket.pause();
  }

  drop(): void {
    this.socket.terminate();
  }
}

/** Opens many, some at a time. */
export async function openSubscribers(
  url: string,
  count: number,
  afterOf: (index: number) => string | null = () => null,
  onEvent?: (event: ReceivedEvent, index: number) => void,
): Promise<Subscriber[]> {
  const opened: Subscriber[] = [];
  const AT_ONCE = 200;
  while (opened.length < count) {
    const first = opened.length;
    const indexes = Array.from({ length: Math.min(AT_ONCE, count - first) }, (_, i) => first + i);
    const more = indexes.map((index) =>
      Subscriber.open(url, afterOf(index), onEvent && ((event) => onEvent(event, index))),
    );
    opened.push(...(await Promise.all(more)));
  }
  return opened;
}

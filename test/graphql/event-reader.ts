import { RawSocket } from './raw-socket';
import type { SocketMessage } from './raw-socket';
import { TASK_EVENTS } from './event-gateway';
import type { EventGateway } from './event-gateway';

interface TaskEventData {
  readonly cursor: string;
  readonly kind: string;
  readonly task: { readonly message: string };
}

/** One client that follows task events, loses its connection and comes back with its last cursor. */
export class EventReader {
  /** The numbers that `EventGateway.emit` gave. */
  readonly numbers: number[] = [];
  readonly tenants = new Set<string>();
  lags = 0;
  private cursor: string | null;
  private socket: RawSocket | null = null;

  constructor(
    private readonly gateway: EventGateway,
    private readonly token: string,
    after: string | null = null,
  ) {
    this.cursor = after;
  }

  async connect(): Promise<RawSocket> {
    const socket = await RawSocket.ready(this.gateway, this.token);
    this.socket = socket;
    socket.subscribe('1', TASK_EVENTS, { after: this.cursor });
    void this.readFrom(socket);
    return socket;
  }

  private async readFrom(socket: RawSocket): Promise<void> {
    for (;;) {
      const message = await socket.next();
      // What an older connection still had in its buffers was not processed when it broke.
      if (this.socket !== socket) return;
      this.take(message);
    }
  }

  private take(message: SocketMessage): void {
    const { taskEvents: event } = message.payload?.data as { taskEvents: TaskEventData };
    this.cursor = event.cursor;
    if (event.kind === 'LAGGED') {
      this.lags += 1;
      return;
    }
    const [number, tenant] = event.task.message.split(' ');
    this.numbers.push(Number(number));
    this.tenants.add(tenant!);
  }

  drop(): void {
    this.socket?.socket.terminate();
    this.socket = null;
  }
}

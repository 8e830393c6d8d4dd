import { createConnection, createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { once } from 'node:events';
import { PROCEDURE } from '../../../src/providers/libvirt/client/procedures';
import type { ProcedureName } from '../../../src/providers/libvirt/client/procedures';
import { cutFrames, frameBytes } from '../../support/libvirt/frames';
import type { RawFrame } from '../../support/libvirt/frames';

/** Which frame: the call itself, the first data that follow it on a stream, or the answer to it. */
export type FrameKind = 'CALL' | 'DATA' | 'REPLY';

const FRAME_TYPE: Readonly<Record<FrameKind, number>> = { CALL: 0, REPLY: 1, DATA: 3 };

export interface Place {
  readonly procedure: ProcedureName;
  readonly kind: FrameKind;
}

interface Trap extends Place {
  readonly spring: () => Promise<void>;
}

/** Stands between a gateway and its libvirtd, and can hold one frame back until something else has happened. */
export class LibvirtProxy {
  private readonly sockets = new Set<Socket>();
  private trap: Trap | null = null;
  private server: Server | null = null;

  /** @param daemonSocket looked for with each new connection */
  constructor(private readonly daemonSocket: string) {}

  async listen(path: string): Promise<void> {
    this.server = createServer((client) => this.connected(client)).listen(path);
    await once(this.server, 'listening');
  }

  /** Once: does `action` when the next such frame comes by, and only then hands it on. Resolves behind the action. */
  before(place: Place, action: () => Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      const spring = (): Promise<void> => action().then(resolve, reject);
      this.trap = { ...place, spring };
    });
  }

  async close(): Promise<void> {
    if (!this.server) return;
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
    await once(this.server, 'close');
  }

  private connected(client: Socket): void {
    const daemon = createConnection(this.daemonSocket);
    this.forward(client, daemon);
    this.forward(daemon, client);
  }

  private forward(from: Socket, to: Socket): void {
    this.sockets.add(from);
    let rest: Buffer = Buffer.alloc(0);
    let last = Promise.resolve();
    from.on('data', (piece) => {
      const cut = cutFrames(Buffer.concat([rest, piece]));
      ({ rest } = cut);
      for (const frame of cut.frames) last = last.then(() => this.handOn(frame, to));
    });
    from.on('error', () => undefined);
    from.on('close', () => {
      this.sockets.delete(from);
      to.destroy();
    });
  }

  private async handOn(frame: RawFrame, to: Socket): Promise<void> {
    const { trap } = this;
    if (trap && frame.procedure === PROCEDURE[trap.procedure] && frame.type === FRAME_TYPE[trap.kind]) {
      this.trap = null;
      await trap.spring();
    }
    to.write(frameBytes(frame));
  }
}

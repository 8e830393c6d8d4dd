import { PROGRAM } from '../procedures';
import type { Frame, FrameHeader } from '../wire/frame';
import { FRAME_STATUS, FRAME_TYPE } from '../wire/frame';

const PING = 1;
const PONG = 2;

const header = (procedure: number): FrameHeader => ({
  program: PROGRAM.keepalive,
  procedure,
  type: FRAME_TYPE.MESSAGE,
  serial: 0,
  status: FRAME_STATUS.OK,
});

export interface KeepaliveOptions {
  readonly intervalMs: number;
  readonly missedMax: number;
  readonly send: (header: FrameHeader) => void;
  readonly onDead: () => void;
}

/**
 * Both sides of the keepalive program: PING (1) is answered with PONG (2), both of the type MESSAGE with the
 * serial 0; and a peer that has been silent for an interval is itself sent a PING.
 */
export class Keepalive {
  private timer: NodeJS.Timeout | null = null;
  private heard = false;
  private missed = 0;

  constructor(private readonly options: KeepaliveOptions) {}

  /** Begins to ask. A server that has not been asked for the feature must not be sent any PING. */
  start(): void {
    if (this.options.intervalMs <= 0 || this.timer !== null) return;
    this.timer = setInterval(() => this.tick(), this.options.intervalMs);
  }

  stop(): void {
    if (this.timer !== null) clearInterval(this.timer);
    this.timer = null;
  }

  /** Anything received is a sign of life. */
  noteReceived(): void {
    this.heard = true;
  }

  onFrame(frame: Frame): void {
    if (frame.procedure === PING) this.options.send(header(PONG));
  }

  private tick(): void {
    this.missed = this.heard ? 0 : this.missed + 1;
    this.heard = false;
    if (this.missed > this.options.missedMax) {
      this.stop();
      this.options.onDead();
    } else if (this.missed > 0) {
      this.options.send(header(PING));
    }
  }
}

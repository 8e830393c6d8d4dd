import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Logger } from '../kernel';
import { TOPICS } from './broker';
import type { Broker, HintFate, Topic } from './broker';
import { connectToRedis } from './redis-connection';
import { RedisState } from './redis-state';

/** How often to see whether Redis still answers: a connection whose other end has vanished looks like a quiet one. */
const CHECK_MS = 5_000;
/** How long the last hints may take at the end. */
const FAREWELL_MS = 500;

export interface RedisBrokerOptions {
  /** `redis://` or `rediss://`, with a password if it wants one. */
  readonly url: string;
  /** What keeps installations that share a Redis apart. No secret. */
  readonly installationId: string;
  readonly logger: Logger;
  readonly onHint?: (topic: Topic, fate: HintFate) => void;
}

/**
 * Hints over Redis' publish and subscribe. One connection speaks and one listens, as the protocol wants it. Nothing is
 * queued while Redis is away: when it is back, everybody is told to look.
 */
export class RedisBroker implements Broker {
  private readonly id = randomUUID();
  private readonly channel: string;
  private readonly speaker: Redis;
  private readonly hearer: Redis;
  private readonly state: RedisState;
  private readonly listeners = new Map<Topic, (() => void)[]>();
  private readonly untold = new Set<Topic>();
  private readonly timer: NodeJS.Timeout;
  private telling: Promise<void> | null = null;

  /** Connects in the background, for as long as it takes. */
  constructor(private readonly options: RedisBrokerOptions) {
    this.channel = `hypergate:${options.installationId}`;
    this.state = new RedisState(options.logger);
    this.speaker = this.connect('speaker', () => this.speak());
    this.hearer = this.connect('hearer', () => this.hear());
    this.hearer.on('message', (_channel, message) => this.heard(message));
    this.timer = setInterval(() => this.check(), CHECK_MS);
  }

  get isUp(): boolean {
    return this.state.isUp;
  }

  tell(topic: Topic): void {
    this.untold.add(topic);
    if (!this.state.has('speaker')) {
      // It is made good with the connection.
      this.options.onHint?.(topic, 'lost');
      return;
    }
    this.telling ??= this.tellAll().finally(() => {
      this.telling = null;
    });
  }

  listen(topic: Topic, listener: () => void): void {
    this.listeners.set(topic, [...(this.listeners.get(topic) ?? []), listener]);
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, FAREWELL_MS);
    });
    await Promise.race([this.telling, late]);
    clearTimeout(timer);
    this.state.close();
    this.speaker.disconnect();
    this.hearer.disconnect();
  }

  private connect(end: 'speaker' | 'hearer', onReady: () => Promise<void>): Redis {
    return connectToRedis(this.options.url, {
      ready: () => {
        onReady().catch((error: unknown) => this.state.away(end, error));
      },
      away: (error) => this.state.away(end, error),
    });
  }

  /** The others are told of all that they may have missed. */
  private async speak(): Promise<void> {
    this.state.here('speaker');
    for (const topic of TOPICS) this.tell(topic);
    await this.telling;
  }

  private async hear(): Promise<void> {
    await this.hearer.subscribe(this.channel);
    this.state.here('hearer');
    for (const topic of TOPICS) this.wake(topic);
  }

  /** As fast as Redis takes them: what is told meanwhile is folded into the next message. */
  private async tellAll(): Promise<void> {
    while (this.untold.size > 0 && this.state.has('speaker')) {
      const topics = [...this.untold];
      this.untold.clear();
      const told = await this.speaker.publish(this.channel, `${this.id} ${topics.join(' ')}`).then(
        () => true,
        () => false,
      );
      for (const topic of topics) this.options.onHint?.(topic, told ? 'sent' : 'lost');
    }
  }

  private heard(message: string): void {
    const [sender, ...topics] = message.split(' ');
    if (sender === this.id) return;
    for (const topic of TOPICS) {
      if (!topics.includes(topic)) continue;
      this.options.onHint?.(topic, 'received');
      this.wake(topic);
    }
  }

  private wake(topic: Topic): void {
    for (const listener of this.listeners.get(topic) ?? []) listener();
  }

  private check(): void {
    for (const connection of [this.speaker, this.hearer]) {
      if (connection.status !== 'ready') continue;
      connection.ping().catch(() => {
        connection.disconnect(true);
      });
    }
    // It was refused, then, by the rules of an account, say.
    if (this.hearer.status === 'ready' && !this.state.has('hearer')) {
      this.hear().catch((error: unknown) => this.state.away('hearer', error));
    }
  }
}

import { setTimeout as sleep } from 'node:timers/promises';
import { unwatchedCall } from '../contract';
import type { BackendEvent } from '../contract';
import type { Cloud } from './cloud';
import { VmFeed } from './vm-feed';

type Listener = (event: BackendEvent) => void;

const LAST_RETRY_MS = 30_000;

/** One poll of Nova for everybody who watches; it runs while anybody does. */
export class SharedWatch {
  private readonly listeners = new Set<Listener>();
  private polling: AbortController | null = null;
  /** Whether those who listen have been told to list, and are told of changes since. */
  private following = false;

  constructor(private readonly cloud: Cloud) {}

  /** Tells `listener` of changes until the signal is aborted. */
  watch(listener: Listener, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    // Two may be the same function.
    const own: Listener = (event) => {
      listener(event);
    };
    return new Promise((resolve) => {
      this.listeners.add(own);
      if (this.following) own({ type: 'RESYNC' });
      this.polling ??= this.start();
      const leave = (): void => {
        this.leave(own);
        resolve();
      };
      signal.addEventListener('abort', leave, { once: true });
    });
  }

  private leave(listener: Listener): void {
    this.listeners.delete(listener);
    if (this.listeners.size > 0) return;
    this.polling?.abort();
    this.polling = null;
    this.following = false;
  }

  private start(): AbortController {
    const controller = new AbortController();
    void this.run(controller.signal);
    return controller;
  }

  /** After any trouble everything begins anew. */
  private async run(signal: AbortSignal): Promise<void> {
    const { pollIntervalMs } = this.cloud.config;
    let retryMs = pollIntervalMs;
    while (!signal.aborted) {
      try {
        await this.follow(signal, () => {
          retryMs = pollIntervalMs;
        });
      } catch (error) {
        if (signal.aborted) return;
        // Once for each interruption: the tries after it are told by the backend's own state.
        if (retryMs === pollIntervalMs)
          this.cloud.logger.warn({ err: error }, 'OpenStack: the feed was interrupted.');
        this.following = false;
        await sleep(retryMs, undefined, { signal }).catch(() => undefined);
        retryMs = Math.min(retryMs * 2, Math.max(LAST_RETRY_MS, pollIntervalMs));
      }
    }
  }

  private async follow(signal: AbortSignal, onReady: () => void): Promise<void> {
    const feed = new VmFeed(this.cloud);
    const call = unwatchedCall(signal, this.cloud.logger);
    await feed.begin(call);
    onReady();
    this.following = true;
    this.tell({ type: 'RESYNC' }, signal);
    for (;;) {
      await sleep(this.cloud.config.pollIntervalMs, undefined, { signal });
      for (const event of await feed.poll(call)) this.tell(event, signal);
    }
  }

  private tell(event: BackendEvent, signal: AbortSignal): void {
    if (signal.aborted) return;
    for (const listener of this.listeners) listener(event);
  }
}

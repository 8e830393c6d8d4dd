import { setTimeout as sleep } from 'node:timers/promises';
import type { BackendEvent } from '../../contract';
import type { Ec2Account } from '../account';
import { compare } from './snapshot';
import type { Snapshot } from './snapshot';

const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 10_000;

interface Listener {
  readonly tell: (event: BackendEvent) => void;
  /** Whether it was told to list everything since the feed was interrupted. */
  isSynced: boolean;
}

/** EC2 tells nobody of changes: one listing after the other, for all that listen, tells what has become different. */
export class VmFeed {
  private readonly listeners = new Set<Listener>();
  private snapshot: Snapshot = new Map();
  private polling: Promise<void> | null = null;
  private idle = new AbortController();
  /** Ends the rest between two looks. */
  private waking = new AbortController();

  constructor(private readonly account: Ec2Account) {}

  /** Resolves when the signal is aborted. */
  async watch(tell: (event: BackendEvent) => void, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const listener: Listener = { tell, isSynced: false };
    this.listeners.add(listener);
    this.startPolling();
    // It is not to wait for its first word until the others have theirs.
    this.waking.abort();
    await new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    this.listeners.delete(listener);
    if (this.listeners.size > 0) return;
    this.idle.abort();
    await this.polling;
  }

  private startPolling(): void {
    if (this.polling !== null && !this.idle.signal.aborted) return;
    const before = this.polling;
    const idle = new AbortController();
    this.idle = idle;
    this.polling = (async () => {
      await before;
      await this.poll(idle.signal);
    })();
  }

  private async poll(idle: AbortSignal): Promise<void> {
    const { config, logger } = this.account;
    let retryMs = FIRST_RETRY_MS;
    while (!idle.aborted) {
      try {
        await this.look(idle);
        retryMs = FIRST_RETRY_MS;
        await this.restUntilWoken(config.pollIntervalMs, idle);
      } catch (error) {
        if (idle.aborted) return;
        // Once for each interruption: the tries after it are told by the backend's own state.
        if (retryMs === FIRST_RETRY_MS) logger.warn({ err: error }, 'EC2: the feed was interrupted.');
        for (const listener of this.listeners) listener.isSynced = false;
        await rest(Math.min(retryMs, config.pollIntervalMs), idle);
        retryMs = Math.min(retryMs * 2, LAST_RETRY_MS);
      }
    }
  }

  private async restUntilWoken(milliseconds: number, idle: AbortSignal): Promise<void> {
    if ([...this.listeners].some(({ isSynced }) => !isSynced)) return;
    this.waking = new AbortController();
    await rest(milliseconds, AbortSignal.any([idle, this.waking.signal]));
  }

  private async look(signal: AbortSignal): Promise<void> {
    // Those that come while it is asked have to wait for what comes after them.
    const asked = [...this.listeners];
    const listing = await this.account.instances.everything(signal);
    const { events, snapshot } = compare(this.snapshot, listing);
    this.snapshot = snapshot;
    for (const listener of asked) {
      if (!this.listeners.has(listener)) continue;
      if (listener.isSynced) for (const event of events) listener.tell(event);
      else listener.tell({ type: 'RESYNC' });
      listener.isSynced = true;
    }
  }
}

async function rest(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal }).catch(() => undefined);
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { BackendEvent } from '../contract';
import { DOMAIN_LIST } from './client';
import type { DomainRef } from './client';
import { ordinary } from './host';
import type { LibvirtHost } from './host';
import { isOurName } from './identity';
import { VmFeed } from './vm-feed';

const RETRY_MS = 2_000;

/** Tells of our domains' changes until the signal is aborted. */
export async function watchVms(
  host: LibvirtHost,
  listener: (event: BackendEvent) => void,
  signal: AbortSignal,
): Promise<void> {
  const { client } = host;
  const feed = new VmFeed(host, listener, signal);
  const touch = ({ domain }: { readonly domain: DomainRef }): void => {
    if (isOurName(domain.name, domain.uuid)) feed.touch(domain);
  };
  const begin = (): void => {
    if (signal.aborted) return;
    listener({ type: 'RESYNC' });
    void followRunning(host, feed, signal);
  };
  const closers: (() => unknown)[] = [client.onReconnected(begin)];
  try {
    const lifecycle = await untilDone(host, signal, () => client.events.onDomainLifecycle(touch));
    closers.push(() => lifecycle?.close());
    const reboots = await untilDone(host, signal, () => client.events.onDomainReboot(touch));
    closers.push(() => reboots?.close());
    begin();
    await aborted(signal);
  } finally {
    feed.close();
    for (const close of closers) await close();
  }
}

/** Guests that were started before this connection may still be without their addresses. */
async function followRunning(host: LibvirtHost, feed: VmFeed, signal: AbortSignal): Promise<void> {
  try {
    const running = await host.client.domains.listAll(DOMAIN_LIST.ACTIVE, ordinary({ signal }));
    for (const domain of running) if (isOurName(domain.name, domain.uuid)) feed.follow(domain);
  } catch (error) {
    // The next connection lists again.
    if (!signal.aborted) host.logger.debug({ err: error }, 'libvirt: running VMs not listed');
  }
}

/** Null once the signal is aborted. */
async function untilDone<T>(
  host: LibvirtHost,
  signal: AbortSignal,
  attempt: () => Promise<T>,
): Promise<T | null> {
  while (!signal.aborted) {
    try {
      return await attempt();
    } catch (error) {
      host.logger.debug({ err: error }, 'libvirt: cannot watch yet');
    }
    await sleep(RETRY_MS, undefined, { signal }).catch(() => undefined);
  }
  return null;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

import { setTimeout as sleep } from 'node:timers/promises';
import { unwatchedCall } from '../contract';
import type { BackendEvent } from '../contract';
import type { ObjectUpdate } from './client';
import { VmFeed } from './vm-feed';
import type { Vcenter } from './vcenter';

/** What tells of a change; what has changed is read when it did. */
const TRIGGERS = [
  'name',
  'config.instanceUuid',
  'config.changeVersion',
  'config.hardware.numCPU',
  'config.hardware.memoryMB',
  'runtime.powerState',
  'guest.net',
] as const;

const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 10_000;

/** Tells of our VMs' changes until the signal is aborted. After any trouble everything begins anew. */
export async function watchVms(
  vcenter: Vcenter,
  listener: (event: BackendEvent) => void,
  signal: AbortSignal,
): Promise<void> {
  let retryMs = FIRST_RETRY_MS;
  while (!signal.aborted) {
    try {
      await follow(vcenter, listener, signal, () => {
        retryMs = FIRST_RETRY_MS;
      });
    } catch (error) {
      if (signal.aborted) return;
      // Once for each interruption: the tries after it are told by the backend's own state.
      if (retryMs === FIRST_RETRY_MS)
        vcenter.logger.warn({ err: error }, 'vSphere: the feed was interrupted.');
      await sleep(retryMs, undefined, { signal }).catch(() => undefined);
      retryMs = Math.min(retryMs * 2, LAST_RETRY_MS);
    }
  }
}

async function follow(
  vcenter: Vcenter,
  listener: (event: BackendEvent) => void,
  signal: AbortSignal,
  onReady: () => void,
): Promise<void> {
  const feed = new VmFeed(vcenter, listener, unwatchedCall(signal, vcenter.logger));
  const stopListening = vcenter.ownChanges.listen((vm) => {
    feed.touch(vm);
  });
  try {
    const { rootFolder: container } = await vcenter.client.content({ signal });
    const options = { container, type: 'VirtualMachine', paths: TRIGGERS } as const;
    let ready = false;
    for await (const updates of vcenter.client.follow(options, signal)) {
      take(feed, updates, ready);
      if (ready) await feed.flush();
      else listener({ type: 'RESYNC' });
      ready = true;
      onReady();
    }
  } finally {
    stopListening();
    feed.close();
  }
}

/** The first set is all that there is, which RESYNC has listed. */
function take(feed: VmFeed, updates: readonly ObjectUpdate[], ready: boolean): void {
  for (const { kind, ref, changed } of updates) {
    const uuid = changed.find(({ path }) => path === 'config.instanceUuid')?.value;
    if (kind === 'leave') feed.leave(ref.value);
    else feed.enter(ref.value, typeof uuid === 'string' ? uuid : undefined, ready);
  }
}

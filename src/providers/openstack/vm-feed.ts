import type { BackendEvent, CallContext } from '../contract';
import type { Server } from './client';
import type { Cloud } from './cloud';
import { observedAll } from './find-vm';
import { found, isFailedCreation } from './map-server';
import type { FoundServer } from './map-server';
import { isGone } from './map-power-state';

/**
 * How far before the newest change the next poll begins: changes are stamped to the second, by several servers' clocks,
 * and committed some time after.
 */
const OVERLAP_MS = 15_000;

/**
 * What has changed since the last poll, by Nova's own times, so that no clock of the gateway's hides anything. A change is
 * told once, although polls overlap.
 */
export class VmFeed {
  /** Our servers, with what makes a change of them worth telling. */
  private readonly known = new Map<string, string>();
  /** The newest change that was seen, in milliseconds since the epoch by Nova's clock; null before there is one. */
  private newest: number | null = null;

  constructor(private readonly cloud: Cloud) {}

  /** Takes what there is as known. What changes while it reads is told by the first poll. */
  async begin({ signal }: CallContext): Promise<void> {
    for (const server of await this.cloud.client.compute.servers.list({}, { signal })) {
      this.see(server);
      const vm = found(server, Date.now());
      if (vm?.marker) this.known.set(server.id, signatureOf(server));
    }
  }

  /** @returns what is news, in no order but that of each VM */
  async poll(context: CallContext): Promise<readonly BackendEvent[]> {
    const observedAt = Date.now();
    const gone: BackendEvent[] = [];
    const changed: FoundServer[] = [];
    for (const server of await this.readChanges(context)) {
      this.see(server);
      if (isGone(server)) {
        // Its metadata may be gone with it, so that only its id tells that it was ours.
        if (this.known.delete(server.id)) gone.push({ type: 'VM_GONE', externalId: server.id });
        continue;
      }
      const vm = found(server, observedAt);
      if (vm !== null && this.isNews(vm)) changed.push(vm);
    }
    const vms = await observedAll(this.cloud, changed, context);
    return [...vms.map((vm): BackendEvent => ({ type: 'VM_CHANGED', vm })), ...gone];
  }

  private readChanges({ signal }: CallContext): Promise<readonly Server[]> {
    if (this.newest === null) return this.cloud.client.compute.servers.list({}, { signal });
    // One host whose clock is ahead would hide what happens on the others until then. To ask for more does no harm.
    const since = Math.min(this.newest, Date.now()) - OVERLAP_MS;
    const filter = { changesSince: new Date(since).toISOString() };
    return this.cloud.client.compute.servers.list(filter, { signal });
  }

  private isNews({ server, marker }: FoundServer): boolean {
    if (marker === null || isFailedCreation(server)) return false;
    const signature = signatureOf(server);
    const isNews = this.known.get(server.id) !== signature;
    this.known.set(server.id, signature);
    return isNews;
  }

  private see({ updated }: Server): void {
    const at = Date.parse(updated);
    if (!Number.isNaN(at)) this.newest = Math.max(this.newest ?? at, at);
  }
}

/** Nova stamps changes of the addresses with no time; they are in the answer all the same. */
function signatureOf(server: Server): string {
  return JSON.stringify([
    server.name,
    server.updated,
    server.status,
    server['OS-EXT-STS:vm_state'],
    server['OS-EXT-STS:task_state'],
    server['OS-EXT-STS:power_state'],
    server.flavor,
    server.addresses,
    server.metadata,
  ]);
}

import { ownerKey, sameOwner } from '../contract';
import type { Marker, Page, VmRef } from '../contract';
import { HypervisorFault } from './errors';
import type { VmRecord } from './records';

/** The VMs of the host, found by their id and by their owner. */
export class VmTable {
  private readonly records = new Map<string, VmRecord>();
  private readonly byOwner = new Map<string, Set<VmRecord>>();

  all(): IterableIterator<VmRecord> {
    return this.records.values();
  }

  add(vm: VmRecord): void {
    this.records.set(vm.externalId, vm);
    if (!vm.marker) return;
    const key = ownerKey(vm.marker);
    const siblings = this.byOwner.get(key) ?? new Set();
    this.byOwner.set(key, siblings.add(vm));
  }

  remove(vm: VmRecord): void {
    this.records.delete(vm.externalId);
    if (!vm.marker) return;
    const key = ownerKey(vm.marker);
    const siblings = this.byOwner.get(key);
    siblings?.delete(vm);
    if (siblings?.size === 0) this.byOwner.delete(key);
  }

  get(externalId: string): VmRecord | undefined {
    return this.records.get(externalId);
  }

  /** All that carries the marker, broken parts and what no listing shows yet included. */
  ofOwner(marker: Marker): VmRecord[] {
    return [...(this.byOwner.get(ownerKey(marker)) ?? [])];
  }

  /** What a read sees: null when it is gone, broken or somebody else's. */
  seen(ref: VmRef): VmRecord | null {
    const vm = this.records.get(ref.externalId);
    return vm && vm.phase !== 'BROKEN' && sameOwner(vm.marker, ref.marker) ? vm : null;
  }

  /** @throws NoSuchVm, also for somebody else's */
  require(ref: VmRef): VmRecord {
    const vm = this.seen(ref);
    if (!vm) throw noSuchVm(ref.externalId);
    return vm;
  }

  located(marker: Marker, now: number): VmRecord | null {
    return this.ofOwner(marker).find((vm) => vm.phase !== 'BROKEN' && vm.visibleAt <= now) ?? null;
  }

  /** In the order of creation; the token is the last one's number, so that a deletion between pages skips nothing. */
  page(installationId: string, pageToken: string | null, pageSize: number, now: number): Page<VmRecord> {
    const after = pageToken === null ? 0 : Number(pageToken);
    if (!Number.isSafeInteger(after))
      throw new HypervisorFault('BadPageToken', 'The page token is not one of ours.');
    const items: VmRecord[] = [];
    for (const vm of this.records.values()) {
      if (vm.sequence <= after || !listed(vm, installationId, now)) continue;
      if (items.length === pageSize) return { items, nextPageToken: String(items.at(-1)?.sequence) };
      items.push(vm);
    }
    return { items, nextPageToken: null };
  }
}

export function noSuchVm(externalId: string): HypervisorFault {
  return new HypervisorFault('NoSuchVm', `VM ${JSON.stringify(externalId)} was not found.`);
}

function listed(vm: VmRecord, installationId: string, now: number): boolean {
  return vm.marker?.installationId === installationId && vm.phase !== 'BROKEN' && vm.visibleAt <= now;
}

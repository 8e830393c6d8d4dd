import { parseIpv4Prefix, prefixesOverlap, sameOwner } from '../contract';
import type { Ipv4Prefix, Marker, NetworkObservation, NetworkRef, NetworkSpec } from '../contract';
import { AddressPool } from './address-pool';
import type { MemoryConfig } from './config';
import { HypervisorFault } from './errors';
import type { NetworkRecord } from './records';

/** The networks of the host, and the addresses that cards have on them. */
export class NetworkTable {
  private readonly records = new Map<string, NetworkRecord>();
  private readonly pools = new Map<string, AddressPool>();

  constructor(
    private readonly config: MemoryConfig,
    private readonly nextId: () => number,
  ) {}

  restore(records: readonly NetworkRecord[]): void {
    for (const record of records) this.add(record);
  }

  all(): NetworkRecord[] {
    return [...this.records.values()];
  }

  create(spec: NetworkSpec, now: number): NetworkRecord {
    const existing = this.all().find(
      (record) =>
        sameOwner(record.marker, spec.marker) && (this.config.idempotencyKey || record.visibleAt <= now),
    );
    if (existing) return existing;
    this.refuseOverlap(spec.cidr);
    const record: NetworkRecord = {
      externalId: `net-${this.nextId()}`,
      marker: { ...spec.marker },
      name: spec.name,
      mode: spec.mode,
      cidr: spec.cidr,
      visibleAt: now + this.config.listingLagMs,
    };
    this.add(record);
    return record;
  }

  locate(marker: Marker, now: number): NetworkRecord | null {
    return this.all().find((record) => sameOwner(record.marker, marker) && record.visibleAt <= now) ?? null;
  }

  ofInstallation(installationId: string, now: number): NetworkRecord[] {
    return this.all().filter(
      (record) => record.marker?.installationId === installationId && record.visibleAt <= now,
    );
  }

  delete(ref: NetworkRef): void {
    const found = ref.externalId === '' ? null : this.records.get(ref.externalId);
    if (found && !sameOwner(found.marker, ref.marker)) throw noSuchNetwork('NoSuchNetwork', ref.externalId);
    const doomed =
      ref.externalId === '' ? this.all().filter((record) => sameOwner(record.marker, ref.marker)) : [found];
    for (const record of doomed) if (record) this.remove(record);
  }

  /** Takes an address on a network for a card. */
  attach(externalId: string): number {
    const address = this.pool(externalId).take();
    if (address === null) throw new HypervisorFault('NoAddressLeft', 'The network has no free address left.');
    return address;
  }

  restoreAddress(externalId: string, address: number): void {
    this.pools.get(externalId)?.restore(address);
  }

  detach(externalId: string, address: number): void {
    this.pools.get(externalId)?.release(address);
  }

  requireAll(networks: readonly { readonly externalId: string }[]): void {
    for (const { externalId } of networks) this.pool(externalId);
  }

  private pool(externalId: string): AddressPool {
    const pool = this.pools.get(externalId);
    if (!pool) throw noSuchNetwork('NoSuchNetworkForCard', externalId);
    return pool;
  }

  private remove(record: NetworkRecord): void {
    if ((this.pools.get(record.externalId)?.size ?? 0) > 0) {
      throw new HypervisorFault('NetworkInUse', 'The network still has VMs attached.');
    }
    this.records.delete(record.externalId);
    this.pools.delete(record.externalId);
  }

  private refuseOverlap(cidr: string): void {
    if (this.config.capabilities.overlappingCidrs) return;
    const wanted = prefixOf(cidr);
    if (this.all().every((record) => !prefixesOverlap(prefixOf(record.cidr), wanted))) return;
    throw new HypervisorFault('PrefixInUse', `The prefix ${cidr} is in use on this backend.`);
  }

  private add(record: NetworkRecord): void {
    this.records.set(record.externalId, record);
    this.pools.set(record.externalId, new AddressPool(prefixOf(record.cidr)));
  }
}

export function observeNetwork(record: NetworkRecord): NetworkObservation {
  return { externalId: record.externalId, marker: record.marker, name: record.name, active: true };
}

function noSuchNetwork(kind: 'NoSuchNetwork' | 'NoSuchNetworkForCard', externalId: string): HypervisorFault {
  return new HypervisorFault(kind, `Network ${JSON.stringify(externalId)} was not found.`);
}

function prefixOf(cidr: string): Ipv4Prefix {
  const prefix = parseIpv4Prefix(cidr);
  if (!prefix)
    throw new HypervisorFault('StateUnreadable', `The prefix ${JSON.stringify(cidr)} cannot be read.`);
  return prefix;
}

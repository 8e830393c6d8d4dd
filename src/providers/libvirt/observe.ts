import type { NicObservation, VmObservation } from '../contract';
import { isNoSuchObject } from './client';
import type { CallOptions, DhcpLease, DomainRef, NetworkRef } from './client';
import type { LibvirtHost } from './host';
import { isOurName } from './identity';
import { readDomainDescription } from './map-domain-description';
import type { DomainDescription, DomainNic } from './map-domain-description';
import { isActive, powerStateOf } from './map-power-state';
import type { DomainState } from './map-power-state';
import { GIB } from './map-volume';

/** The answer of a read whose object may be gone. */
export async function orNull<T>(read: Promise<T>): Promise<T | null> {
  try {
    return await read;
  } catch (error) {
    if (isNoSuchObject(error)) return null;
    throw error;
  }
}

/** Networks and their leases, each asked for once however many VMs are observed together. */
export class LeaseBook {
  private readonly networks = new Map<string, Promise<NetworkRef | null>>();
  private readonly leases = new Map<string, Promise<readonly DhcpLease[]>>();

  constructor(
    private readonly host: LibvirtHost,
    private readonly call: CallOptions,
  ) {}

  network(name: string): Promise<NetworkRef | null> {
    return remembered(this.networks, name, () =>
      orNull(this.host.client.networks.lookupByName(name, this.call)),
    );
  }

  async addresses(name: string, macAddress: string): Promise<string[]> {
    const leases = await remembered(this.leases, name, () => this.read(name));
    return leases.filter((lease) => lease.mac?.toLowerCase() === macAddress).map((lease) => lease.address);
  }

  private async read(name: string): Promise<readonly DhcpLease[]> {
    const network = await this.network(name);
    if (network === null) return [];
    return (await orNull(this.host.client.networks.getDhcpLeases(network, null, this.call))) ?? [];
  }
}

function remembered<T>(memory: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const known = memory.get(key);
  if (known) return known;
  const made = make();
  memory.set(key, made);
  return made;
}

/** What was already learnt of many domains at once. */
export interface KnownState {
  readonly state: DomainState;
  readonly hasSavedMemory: boolean;
}

/** All that the backend says of a domain at this moment; null when it is gone. */
export async function observeDomain(
  host: LibvirtHost,
  domain: DomainRef,
  call: CallOptions,
  book: LeaseBook = new LeaseBook(host, call),
  known?: KnownState,
): Promise<VmObservation | null> {
  const observedAt = Date.now();
  const { domains } = host.client;
  return orNull(
    (async () => {
      const [xml, { state, hasSavedMemory }] = await Promise.all([
        domains.getXmlDesc(domain, 0, call),
        known ?? readState(host, domain, call),
      ]);
      const description = readDomainDescription(xml);
      const active = isActive(state);
      const [diskGib, nics] = await Promise.all([
        diskGibOf(host, description, call),
        Promise.all(description.nics.map((nic) => observeNic(nic, active, book))),
      ]);
      return {
        externalId: description.uuid,
        marker: description.ownership?.marker ?? null,
        name: description.ownership?.name ?? description.name,
        powerState: powerStateOf(state, hasSavedMemory),
        cpuCount: description.cpuCount,
        memoryMib: description.memoryMib,
        diskGib,
        nics,
        observedAt,
      };
    })(),
  );
}

export async function readState(
  host: LibvirtHost,
  domain: DomainRef,
  call: CallOptions,
): Promise<KnownState> {
  const state = await host.client.domains.getState(domain, call);
  const hasSavedMemory = isActive(state) ? false : await host.client.domains.hasManagedSave(domain, call);
  return { state, hasSavedMemory };
}

/** The volume tells, not the domain: it answers while a long job holds the domain, and also after a stop. */
async function diskGibOf(
  host: LibvirtHost,
  { diskVolume }: DomainDescription,
  call: CallOptions,
): Promise<number> {
  if (diskVolume === null) return 0;
  const volume = { pool: host.config.pool, name: diskVolume, key: '' };
  const info = await orNull(host.client.volumes.getInfo(volume, call));
  return info === null ? 0 : Math.floor(info.capacityBytes / GIB);
}

/** A stopped guest has no address, though its lease may last. */
async function observeNic(nic: DomainNic, active: boolean, book: LeaseBook): Promise<NicObservation> {
  const { macAddress, networkName } = nic;
  if (networkName === null) return { networkExternalId: null, macAddress, ipAddresses: [] };
  const [network, ipAddresses] = await Promise.all([
    book.network(networkName),
    active ? book.addresses(networkName, macAddress) : [],
  ]);
  const ours = network !== null && isOurName(network.name, network.uuid);
  return { networkExternalId: ours ? network.uuid : null, macAddress, ipAddresses };
}

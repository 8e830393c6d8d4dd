import type { BackendEvent, VmObservation } from '../contract';
import type { DomainRef } from './client';
import { ordinary } from './host';
import type { LibvirtHost } from './host';
import { observeDomain } from './observe';

/**
 * A lease comes without an event, some time after the guest has started: its addresses are read again after
 * these pauses, until every card has one.
 */
const ADDRESS_PAUSES_MS = [1_000, 2_000, 3_000, 5_000, 8_000, 13_000, 21_000, 34_000, 55_000] as const;

const RESYNC_PAUSE_MS = 1_000;

interface Follow {
  readonly domain: DomainRef;
  /** True while an observation is under way. */
  busy: boolean;
  /** What came in meanwhile: nothing, a change of addresses to look for, or an event. */
  pending: 'NOTHING' | 'ADDRESSES' | 'EVENT';
  pauses: number;
  timer: NodeJS.Timeout | null;
  /** The addresses as last told. */
  told: string | null;
}

/** Turns "something happened to it" into fresh observations: one at a time per VM, so that none is overtaken. */
export class VmFeed {
  private readonly follows = new Map<string, Follow>();
  private resync: NodeJS.Timeout | null = null;

  constructor(
    private readonly host: LibvirtHost,
    private readonly listener: (event: BackendEvent) => void,
    private readonly signal: AbortSignal,
  ) {}

  /** Something happened: an observation will be told, whatever it is. */
  touch(domain: DomainRef): void {
    const follow = this.followOf(domain);
    follow.pauses = 0;
    this.look(follow, 'EVENT');
  }

  /** Nothing is known to have happened: tells only once its addresses are there. */
  follow(domain: DomainRef): void {
    this.look(this.followOf(domain), 'ADDRESSES');
  }

  close(): void {
    for (const { timer } of this.follows.values()) if (timer) clearTimeout(timer);
    this.follows.clear();
    if (this.resync) clearTimeout(this.resync);
  }

  private followOf(domain: DomainRef): Follow {
    const known = this.follows.get(domain.uuid);
    if (known) return known;
    const follow: Follow = { domain, busy: false, pending: 'NOTHING', pauses: 0, timer: null, told: null };
    this.follows.set(domain.uuid, follow);
    return follow;
  }

  private look(follow: Follow, why: 'ADDRESSES' | 'EVENT'): void {
    if (this.signal.aborted) return;
    if (follow.timer) clearTimeout(follow.timer);
    follow.timer = null;
    if (follow.pending !== 'EVENT') follow.pending = why;
    if (!follow.busy) void this.work(follow);
  }

  private async work(follow: Follow): Promise<void> {
    follow.busy = true;
    try {
      while (follow.pending !== 'NOTHING' && !this.signal.aborted) {
        const why = follow.pending;
        follow.pending = 'NOTHING';
        const vm = await observeDomain(this.host, follow.domain, ordinary({ signal: this.signal }));
        if (!this.signal.aborted) this.tell(follow, vm, why);
      }
    } catch (error) {
      this.lost(follow, error);
    } finally {
      follow.busy = false;
    }
  }

  private tell(follow: Follow, vm: VmObservation | null, why: 'ADDRESSES' | 'EVENT'): void {
    if (vm === null) {
      this.follows.delete(follow.domain.uuid);
      if (why === 'EVENT') this.listener({ type: 'VM_GONE', externalId: follow.domain.uuid });
      return;
    }
    // Whatever calls itself by a name like ours without our marker is none of our business.
    if (vm.marker === null) return;
    const addresses = JSON.stringify(vm.nics);
    const waiting = vm.powerState === 'POWERED_ON' && vm.nics.some(lacksAddress);
    // A first look at a VM that has no address yet, or had it all along, is no news.
    const news = follow.told !== null && addresses !== follow.told;
    if (why === 'EVENT' || news) this.listener({ type: 'VM_CHANGED', vm });
    follow.told = addresses;
    if (waiting) this.lookAgain(follow);
    else if (vm.powerState !== 'POWERED_ON') follow.pauses = 0;
  }

  private lookAgain(follow: Follow): void {
    const pause = ADDRESS_PAUSES_MS[follow.pauses];
    if (pause === undefined) return;
    follow.pauses += 1;
    follow.timer = setTimeout(() => this.look(follow, 'ADDRESSES'), pause);
    follow.timer.unref();
  }

  /** The change that was to be told is not known: whoever listens has to list. */
  private lost(follow: Follow, error: unknown): void {
    follow.pending = 'NOTHING';
    if (this.signal.aborted) return;
    this.host.logger.warn({ err: error, domain: follow.domain.name }, 'libvirt: a change could not be read');
    this.resync ??= setTimeout(() => {
      this.resync = null;
      if (!this.signal.aborted) this.listener({ type: 'RESYNC' });
    }, RESYNC_PAUSE_MS).unref();
  }
}

function lacksAddress(nic: VmObservation['nics'][number]): boolean {
  return nic.networkExternalId !== null && nic.ipAddresses.length === 0;
}

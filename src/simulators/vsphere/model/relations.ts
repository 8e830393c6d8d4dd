import type { Machine } from './machine';
import { cardsOf } from './machine';

/** What the machines of a host, a pool, a datastore or a network amount to. */
export interface Load {
  readonly machines: Set<string>;
  memoryMib: number;
  cpuCount: number;
  bytes: number;
}

type Share = Pick<Load, 'memoryMib' | 'cpuCount' | 'bytes'>;

const NOTHING: Load = { machines: new Set(), memoryMib: 0, cpuCount: 0, bytes: 0 };

/** The other direction of what a machine says of itself: who stands on this host, this datastore, this network. */
export class Relations {
  private readonly loads = new Map<string, Load>();
  private readonly known = new Map<string, ReadonlyMap<string, Share>>();

  loadOf(owner: string): Readonly<Load> {
    return this.loads.get(owner) ?? NOTHING;
  }

  /** Brings the books up to date with this machine and answers those whose page changed. */
  enter(machine: Machine): string[] {
    const before = this.known.get(machine.ref.value) ?? new Map<string, Share>();
    const after = sharesOf(machine);
    this.known.set(machine.ref.value, after);
    return this.settle(machine.ref.value, before, after);
  }

  leave(machine: string): string[] {
    const before = this.known.get(machine) ?? new Map<string, Share>();
    this.known.delete(machine);
    return this.settle(machine, before, new Map());
  }

  private settle(machine: string, before: ReadonlyMap<string, Share>, after: ReadonlyMap<string, Share>) {
    const changed: string[] = [];
    for (const [owner, share] of before) {
      const now = after.get(owner);
      if (now && sameShare(now, share)) continue;
      const load = this.loads.get(owner);
      if (!load) continue;
      add(load, share, -1);
      if (!now) load.machines.delete(machine);
      changed.push(owner);
    }
    for (const [owner, share] of after) {
      const was = before.get(owner);
      if (was && sameShare(was, share)) continue;
      const load = this.load(owner);
      add(load, share, 1);
      load.machines.add(machine);
      if (!was) changed.push(owner);
    }
    return changed;
  }

  private load(owner: string): Load {
    let load = this.loads.get(owner);
    if (!load) this.loads.set(owner, (load = { machines: new Set(), memoryMib: 0, cpuCount: 0, bytes: 0 }));
    return load;
  }
}

const PRESENT: Share = { memoryMib: 0, cpuCount: 0, bytes: 0 };

function sharesOf(machine: Machine): ReadonlyMap<string, Share> {
  const running = machine.powerState === 'poweredOn';
  const { memoryMib, cpuCount } = machine.hardware;
  const work: Share = running ? { memoryMib, cpuCount, bytes: 0 } : PRESENT;
  const shares = new Map<string, Share>([[machine.host, work]]);
  if (machine.pool !== null) shares.set(machine.pool, work);
  shares.set(machine.datastore, PRESENT);
  for (const { datastore, bytes } of Object.values(machine.files)) {
    const sofar = shares.get(datastore)?.bytes ?? 0;
    shares.set(datastore, { ...PRESENT, bytes: sofar + bytes });
  }
  for (const card of cardsOf(machine.hardware)) shares.set(card.network, PRESENT);
  return shares;
}

function sameShare(one: Share, other: Share): boolean {
  return one.memoryMib === other.memoryMib && one.cpuCount === other.cpuCount && one.bytes === other.bytes;
}

function add(load: Load, share: Share, sign: 1 | -1): void {
  load.memoryMib += sign * share.memoryMib;
  load.cpuCount += sign * share.cpuCount;
  load.bytes += sign * share.bytes;
}

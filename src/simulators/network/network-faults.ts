import { seededRandom } from './seeded-random';

/**
 * What a network or a server in trouble does to one call. Not executed: `unavailable` (HTTP 503), `notAuthenticated`
 * (the session is forgotten first), `hang` (no answer ever), `refuse` (the connection is reset).
 * Executed: `loseReply` (cut before the first byte), `dropMidReply` (cut in the middle of the body), `duplicateReply`
 * (a second, unasked copy follows), `slowDrip` (a few bytes at a time).
 */
export const NETWORK_FAULTS = [
  'unavailable',
  'notAuthenticated',
  'hang',
  'refuse',
  'loseReply',
  'dropMidReply',
  'duplicateReply',
  'slowDrip',
] as const;

export type NetworkFault = (typeof NETWORK_FAULTS)[number];

export interface NetworkFaultOptions {
  /** How probable each fault is for a call, from 0 to 1. Together at most 1. */
  readonly probabilities?: Readonly<Partial<Record<NetworkFault, number>>>;
  readonly seed?: number;
}

interface Order {
  readonly fault: NetworkFault;
  readonly method: string | null;
}

/** Decides which call meets which fault: by chance, or as ordered for the next one. */
export class NetworkFaults {
  private readonly orders: Order[] = [];
  private readonly random: () => number;
  private readonly counts = new Map<NetworkFault, number>();
  private probabilities: Readonly<Partial<Record<NetworkFault, number>>>;

  constructor(options: NetworkFaultOptions = {}) {
    this.probabilities = options.probabilities ?? {};
    this.random = seededRandom(options.seed ?? 1);
  }

  /** Strikes the next call once, or the next call of that method. Orders for the same call are met one by one. */
  next(fault: NetworkFault, method: string | null = null): void {
    this.orders.push({ fault, method });
  }

  /** Replaces the probabilities; without any, nothing happens by chance. */
  setProbabilities(probabilities: Readonly<Partial<Record<NetworkFault, number>>>): void {
    this.probabilities = probabilities;
  }

  /** No orders and no chance any more. */
  clear(): void {
    this.orders.length = 0;
    this.probabilities = {};
  }

  /** How often a fault has struck. */
  count(fault: NetworkFault): number {
    return this.counts.get(fault) ?? 0;
  }

  /** What happens to this call; null for nothing. */
  pick(method: string): NetworkFault | null {
    const fault = this.ordered(method) ?? this.byChance();
    if (fault) this.counts.set(fault, this.count(fault) + 1);
    return fault;
  }

  private ordered(method: string): NetworkFault | null {
    const index = this.orders.findIndex((order) => order.method === null || order.method === method);
    return index < 0 ? null : (this.orders.splice(index, 1)[0]?.fault ?? null);
  }

  private byChance(): NetworkFault | null {
    let drawn = this.random();
    for (const fault of NETWORK_FAULTS) {
      drawn -= this.probabilities[fault] ?? 0;
      if (drawn < 0) return fault;
    }
    return null;
  }
}

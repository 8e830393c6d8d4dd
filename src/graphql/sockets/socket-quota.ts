import type { EdgeLimits } from '../settings';

/** Whose socket it is: null for an administrator. Undefined as long as it has not shown its token. */
type Holder = string | null | undefined;

/** Counts sockets, by the tenant whose token they showed and before they showed one. */
export class SocketQuota {
  private readonly open = new Map<Holder, number>();

  constructor(private readonly limits: Pick<EdgeLimits, 'maxSocketsPerTenant' | 'maxPendingSockets'>) {}

  /** Whether one more may be opened that has yet to say whose it is. */
  get admitsPending(): boolean {
    return this.count(undefined) < this.limits.maxPendingSockets;
  }

  /** One more that has yet to say whose it is; to be given back when it has said so, and when it closes. */
  takePending(): SocketSeat {
    return this.seat(undefined);
  }

  /** One more of that tenant, or null when it has as many as it may have. Administrators are not limited. */
  take(tenantId: string | null): SocketSeat | null {
    if (tenantId !== null && this.count(tenantId) >= this.limits.maxSocketsPerTenant) return null;
    return this.seat(tenantId);
  }

  private count(holder: Holder): number {
    return this.open.get(holder) ?? 0;
  }

  private seat(holder: Holder): SocketSeat {
    this.open.set(holder, this.count(holder) + 1);
    let taken = true;
    return {
      giveBack: () => {
        if (!taken) return;
        taken = false;
        const left = this.count(holder) - 1;
        if (left > 0) this.open.set(holder, left);
        else this.open.delete(holder);
      },
    };
  }
}

/** One counted socket. Giving it back again does nothing. */
export interface SocketSeat {
  giveBack(): void;
}

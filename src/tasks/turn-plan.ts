/** Tasks that wait or run together: those of one tenant on one backend. */
export interface Share {
  readonly tenantId: string | null;
  readonly backendId: string | null;
}

export interface CountedShare extends Share {
  readonly count: number;
}

export interface WaitingShare extends CountedShare {
  /** Since when its oldest task could run. */
  readonly oldestAt: number;
}

/** What a backend may take of the workers. */
export interface BackendLimit {
  /** The most tasks that all workers together run on it. */
  readonly everywhere: number;
  /** The most that this worker runs on it. */
  readonly here: number;
  /** Nothing is begun there now, but for tasks whose time is up: they have to end all the same. */
  readonly isHeldBack: boolean;
}

export interface TurnPlanOptions {
  readonly waiting: readonly WaitingShare[];
  /** What is under way on all workers. */
  readonly held: readonly CountedShare[];
  /** The backends of the tasks under way on this worker. */
  readonly here: readonly (string | null)[];
  readonly limitOf: (backendId: string) => BackendLimit;
  /** When each tenant last had a turn on this worker, in any growing number. */
  readonly served: ReadonlyMap<string | null, number>;
}

export const NO_LIMIT: BackendLimit = { everywhere: Infinity, here: Infinity, isHeldBack: false };

/**
 * Whose turn it is. The tenant with the fewest tasks under way comes first, however many it has waiting; of those that
 * are equal, the one whose last turn is longest ago. Its oldest task on a backend that has room is taken.
 */
export class TurnPlan {
  private readonly left: Set<WaitingShare>;
  private readonly byTenant = new Map<string | null, number>();
  private readonly everywhere = new Map<string | null, number>();
  private readonly here = new Map<string | null, number>();

  constructor(private readonly options: TurnPlanOptions) {
    const { waiting, held, here } = options;
    for (const { tenantId, backendId, count } of held) {
      add(this.byTenant, tenantId, count);
      add(this.everywhere, backendId, count);
    }
    for (const backendId of here) add(this.here, backendId, 1);
    // What is under way could run as well, as far as its row tells.
    const underWay = (share: Share): number => held.find((other) => isSame(share, other))?.count ?? 0;
    this.left = new Set(waiting.filter((share) => share.count > underWay(share)));
  }

  /** The share that has the next turn; null when nobody may take one. */
  next(): { readonly share: WaitingShare; readonly overdueOnly: boolean } | null {
    const [share] = [...this.left].filter((one) => this.hasRoom(one)).sort((a, b) => this.compare(a, b));
    return share ? { share, overdueOnly: this.limitOf(share).isHeldBack } : null;
  }

  /** One of the share's tasks was taken. */
  took({ tenantId, backendId }: Share): void {
    add(this.byTenant, tenantId, 1);
    add(this.everywhere, backendId, 1);
    add(this.here, backendId, 1);
  }

  /** It turned out that the share has nothing that could run. */
  exhausted(share: WaitingShare): void {
    this.left.delete(share);
  }

  private limitOf({ backendId }: Share): BackendLimit {
    return backendId === null ? NO_LIMIT : this.options.limitOf(backendId);
  }

  private hasRoom(share: Share): boolean {
    const { everywhere, here } = this.limitOf(share);
    const { backendId } = share;
    return (this.everywhere.get(backendId) ?? 0) < everywhere && (this.here.get(backendId) ?? 0) < here;
  }

  private compare(a: WaitingShare, b: WaitingShare): number {
    const running = ({ tenantId }: Share): number => this.byTenant.get(tenantId) ?? 0;
    const served = ({ tenantId }: Share): number => this.options.served.get(tenantId) ?? 0;
    return running(a) - running(b) || served(a) - served(b) || a.oldestAt - b.oldestAt;
  }
}

function add(counts: Map<string | null, number>, key: string | null, count: number): void {
  counts.set(key, (counts.get(key) ?? 0) + count);
}

function isSame(a: Share, b: Share): boolean {
  return a.tenantId === b.tenantId && a.backendId === b.backendId;
}

import { eventSubscription, streamEvents } from '../events';
import type { EventCursors, EventFeed } from '../events';
import { LoaderKey } from '../graphql';
import { notFound } from '../kernel';
import type { TenantScope } from '../kernel';
import type { Vm } from './vm';
import type { VmService } from './vm.service';
import type { VmEventKind } from './vm.store';

export interface VmEventsQuery {
  readonly tenantId: string | null;
  readonly vmId: string | null;
  readonly after: string | null;
}

export interface VmEvent {
  readonly cursor: string;
  readonly kind: VmEventKind | 'LAGGED';
  readonly at: number;
  readonly vm: Vm;
}

export interface VmEventStreamsOptions {
  readonly feed: EventFeed;
  readonly cursors: EventCursors;
  readonly vms: VmService;
  /** Rejects with NOT_FOUND naming the field, for a tenant that there is not or that the scope must not know of. */
  readonly requireTenant: (scope: TenantScope, id: string, field: string) => Promise<unknown>;
  /** A live subscriber that is further behind than this many events is moved on, and told so. */
  readonly maxBacklog: number;
}

/** Under this key each operation's context holds the streams, because a subscription starts without a resolver. */
export const VM_EVENT_STREAMS = new LoaderKey<VmEventStreams>('vmEventStreams');

/** The event streams of VMs. */
export class VmEventStreams {
  constructor(private readonly options: VmEventStreamsOptions) {}

  /** @throws NOT_FOUND for what the scope must not see, INVALID_ARGUMENT for a bad cursor */
  async subscribe(scope: TenantScope, query: VmEventsQuery): Promise<AsyncIterableIterator<VmEvent, void>> {
    const after = query.after === null ? null : this.options.cursors.decode(query.after, 'after');
    const tenantId =
      query.tenantId === null && scope.isAdministrator
        ? undefined
        : scope.resolveTenant(query.tenantId, 'tenantId');
    // An administrator's slip of the pen would otherwise be a tenant to which nothing ever happens.
    if (tenantId !== undefined) await this.options.requireTenant(scope, tenantId, 'tenantId');
    if (query.vmId !== null) await this.requireVm(scope, query.vmId, tenantId);
    const filter = { topic: 'VM', tenantId, subjectId: query.vmId ?? undefined } as const;
    return eventSubscription((signal) => this.stream(scope, filter, after, signal));
  }

  private async requireVm(scope: TenantScope, vmId: string, tenantId: string | undefined): Promise<void> {
    const vm = await this.options.vms.get(scope, vmId, 'vmId');
    if (tenantId !== undefined && vm.tenantId !== tenantId) throw notFound('Vm', vmId, 'vmId');
  }

  private async *stream(
    scope: TenantScope,
    filter: {
      readonly topic: 'VM';
      readonly tenantId: string | undefined;
      readonly subjectId: string | undefined;
    },
    after: number | null,
    signal: AbortSignal,
  ): AsyncGenerator<VmEvent, void> {
    const { feed, cursors, maxBacklog } = this.options;
    for await (const { event, lagged } of streamEvents(feed, { filter, after, maxBacklog, signal })) {
      // Checked once more for each event: a filter that was wrong must not become a leak.
      if (!scope.sees(event.tenantId)) continue;
      const shared = { at: event.at, vm: event.payload as Vm };
      if (lagged) yield { ...shared, cursor: cursors.encode(event.position - 1), kind: 'LAGGED' };
      yield { ...shared, cursor: cursors.encode(event.position), kind: event.kind as VmEventKind };
    }
  }
}

import { ObjectEventStreams } from '../events';
import type { EventsQuery, ObjectEventStreamsOptions, ToldEvent } from '../events';
import { LoaderKey } from '../graphql';
import { notFound } from '../kernel';
import type { TenantScope } from '../kernel';
import type { Vm } from './vm';
import type { VmService } from './vm.service';
import type { VmEventKind } from './vm.store';

export interface VmEventsQuery extends EventsQuery {
  readonly vmId: string | null;
}

export interface VmEvent extends ToldEvent {
  readonly kind: VmEventKind | 'LAGGED';
  readonly vm: Vm;
}

export interface VmEventStreamsOptions extends ObjectEventStreamsOptions {
  readonly vms: VmService;
}

/** Under this key each operation's context holds the streams, because a subscription starts without a resolver. */
export const VM_EVENT_STREAMS = new LoaderKey<VmEventStreams>('vmEventStreams');

/** The event streams of VMs. */
export class VmEventStreams {
  private readonly streams: ObjectEventStreams;

  constructor(private readonly options: VmEventStreamsOptions) {
    this.streams = new ObjectEventStreams(options);
  }

  /** @throws NOT_FOUND for what the scope must not see, INVALID_ARGUMENT for a bad cursor */
  async subscribe(scope: TenantScope, query: VmEventsQuery): Promise<AsyncIterableIterator<VmEvent, void>> {
    const { tenantId, after } = await this.streams.admit(scope, query);
    if (query.vmId !== null) await this.requireVm(scope, query.vmId, tenantId);
    return this.streams.open<VmEvent>(scope, {
      filter: { topic: 'VM', tenantId, subjectId: query.vmId ?? undefined },
      after,
      toEvent: (told, { payload }) => ({ ...told, kind: told.kind as VmEvent['kind'], vm: payload as Vm }),
    });
  }

  private async requireVm(scope: TenantScope, vmId: string, tenantId: string | undefined): Promise<void> {
    const vm = await this.options.vms.get(scope, vmId, 'vmId');
    if (tenantId !== undefined && vm.tenantId !== tenantId) throw notFound('Vm', vmId, 'vmId');
  }
}

import { setTimeout as sleep } from 'node:timers/promises';
import { done } from '../contract';
import type {
  BackendEvent,
  BackendProbe,
  CallContext,
  Capabilities,
  HypervisorProvider,
  ImageObservation,
  Marker,
  NetworkObservation,
  NetworkRef,
  NetworkSpec,
  OperationProgress,
  OperationRef,
  Outcome,
  Page,
  ProviderMethod,
  VmObservation,
  VmRef,
  VmSize,
  VmSpec,
} from '../contract';
import { capabilitiesOf } from './capabilities';
import type { Connection } from './connection';
import { observe } from './guest';
import type { MemoryModel } from './model';
import { observeNetwork } from './network-table';
import { failureOf, percentOf, requireDone } from './operation-table';
import type { Fate, OperationRecord, VmRecord } from './records';
import type { Begun } from './vm-host';

const OPERATION_TYPE = 'memory';

/** What the contract asks of the little hypervisor, in its own words. */
export class MemoryProvider implements HypervisorProvider {
  readonly kind = 'memory';
  readonly capabilities: Capabilities;

  constructor(
    private readonly model: MemoryModel,
    private readonly connection: Connection,
  ) {
    this.capabilities = capabilitiesOf(model.config);
  }

  probe(context: CallContext): Promise<BackendProbe> {
    return this.connection.read('probe', context, () => ({
      version: 'Hypergate memory backend 1',
      capacity: this.model.capacity(),
    }));
  }

  async close(): Promise<void> {
    this.connection.close();
  }

  resolveImage(imageRef: string, context: CallContext): Promise<ImageObservation | null> {
    return this.connection.read('resolveImage', context, () => {
      const images = this.model.config.images;
      const image = images ? images.find(({ name }) => name === imageRef) : { name: imageRef, minDiskGib: 1 };
      return image ? { externalId: image.name, ...image } : null;
    });
  }

  createVm(spec: VmSpec, context: CallContext): Promise<Outcome<VmObservation>> {
    return this.mutateVm('createVm', context, (fate) => this.model.host.create(spec, fate, Date.now()));
  }

  locateVm(marker: Marker, context: CallContext): Promise<VmObservation | null> {
    return this.connection.read('locateVm', context, (now) => {
      const vm = this.model.vms.located(marker, now);
      return vm && observe(vm, now);
    });
  }

  getVm(ref: VmRef, context: CallContext): Promise<VmObservation | null> {
    return this.connection.read('getVm', context, (now) => {
      const vm = this.model.vms.seen(ref);
      return vm && observe(vm, now);
    });
  }

  listVms(
    query: { readonly installationId: string; readonly pageToken: string | null },
    context: CallContext,
  ): Promise<Page<VmObservation>> {
    return this.connection.read('listVms', context, (now) => {
      const { pageSize } = this.model.config;
      const page = this.model.vms.page(query.installationId, query.pageToken, pageSize, now);
      return { items: page.items.map((vm) => observe(vm, now)), nextPageToken: page.nextPageToken };
    });
  }

  startVm(ref: VmRef, context: CallContext): Promise<Outcome<VmObservation>> {
    return this.mutateVm('startVm', context, (fate) =>
      this.model.host.power(ref, 'POWERED_ON', fate, Date.now()),
    );
  }

  stopVm(ref: VmRef, mode: 'GRACEFUL' | 'FORCED', context: CallContext): Promise<Outcome<VmObservation>> {
    return this.mutateVm('stopVm', context, (fate) =>
      mode === 'GRACEFUL'
        ? this.model.host.stopGracefully(ref, fate, Date.now())
        : this.model.host.power(ref, 'POWERED_OFF', fate, Date.now()),
    );
  }

  rebootVm(ref: VmRef, _mode: 'GRACEFUL' | 'FORCED', context: CallContext): Promise<Outcome<VmObservation>> {
    return this.mutateVm('rebootVm', context, (fate) => this.model.host.reboot(ref, fate, Date.now()));
  }

  suspendVm(ref: VmRef, context: CallContext): Promise<Outcome<VmObservation>> {
    return this.mutateVm('suspendVm', context, (fate) =>
      this.model.host.power(ref, 'SUSPENDED', fate, Date.now()),
    );
  }

  resumeVm(ref: VmRef, context: CallContext): Promise<Outcome<VmObservation>> {
    return this.mutateVm('resumeVm', context, (fate) => this.model.host.resume(ref, fate, Date.now()));
  }

  resizeVm(ref: VmRef, size: VmSize, context: CallContext): Promise<Outcome<VmObservation>> {
    return this.mutateVm('resizeVm', context, (fate) => this.model.host.resize(ref, size, fate, Date.now()));
  }

  deleteVm(ref: VmRef, context: CallContext): Promise<Outcome<null>> {
    return this.connection.mutate('deleteVm', context, async (fate) => {
      const operation = this.model.host.delete(ref, fate, Date.now());
      return operation ? this.answer(operation, context, () => null) : done(null);
    });
  }

  readConsoleLog(ref: VmRef, maxBytes: number, context: CallContext): Promise<string> {
    return this.connection.read('readConsoleLog', context, () =>
      Buffer.from(this.model.vms.require(ref).console).subarray(-maxBytes).toString('utf8'),
    );
  }

  createNetwork(spec: NetworkSpec, context: CallContext): Promise<Outcome<NetworkObservation>> {
    return this.connection.mutate('createNetwork', context, async () =>
      done(observeNetwork(this.model.networks.create(spec, Date.now()))),
    );
  }

  locateNetwork(marker: Marker, context: CallContext): Promise<NetworkObservation | null> {
    return this.connection.read('locateNetwork', context, (now) => {
      const network = this.model.networks.locate(marker, now);
      return network && observeNetwork(network);
    });
  }

  listNetworks(installationId: string, context: CallContext): Promise<readonly NetworkObservation[]> {
    return this.connection.read('listNetworks', context, (now) =>
      this.model.networks.ofInstallation(installationId, now).map(observeNetwork),
    );
  }

  deleteNetwork(ref: NetworkRef, context: CallContext): Promise<Outcome<null>> {
    return this.connection.mutate('deleteNetwork', context, async () => {
      this.model.networks.delete(ref);
      return done(null);
    });
  }

  pollOperation<T>(operation: OperationRef, context: CallContext): Promise<OperationProgress<T>> {
    return this.connection.read(
      'pollOperation',
      context,
      (now) => this.progress(operation, now) as OperationProgress<T>,
    );
  }

  watch(listener: (event: BackendEvent) => void, signal: AbortSignal): Promise<void> {
    return this.model.feed.subscribe(listener, signal);
  }

  private progress(asked: OperationRef, now: number): OperationProgress<VmObservation | null> {
    const operation = asked.type === OPERATION_TYPE ? this.model.operations.get(asked.ref) : undefined;
    if (!operation) return { state: 'LOST' };
    if (operation.failure) return { state: 'FAILED', error: failureOf(operation.failure) };
    if (operation.status === 'RUNNING') {
      return { state: 'RUNNING', percent: percentOf(operation, now), pollAfterMs: this.pollAfterMs() };
    }
    if (operation.change.kind === 'DELETE') return { state: 'DONE', value: null };
    const vm = this.model.vms.get(operation.vmExternalId);
    if (!vm) return { state: 'LOST' };
    return operation.change.kind === 'CLONE'
      ? this.cloned(vm, now)
      : { state: 'DONE', value: observe(vm, now) };
  }

  /** The next stage is begun by a creation that finds this one's VM; until it can, this stage has not ended. */
  private cloned(vm: VmRecord, now: number): OperationProgress<never> {
    const found = this.model.config.idempotencyKey || vm.visibleAt <= now;
    return found
      ? { state: 'CONTINUE' }
      : { state: 'RUNNING', percent: 50, pollAfterMs: Math.min(1_000, Math.max(1, vm.visibleAt - now)) };
  }

  private mutateVm(
    method: ProviderMethod,
    context: CallContext,
    begin: (fate: Fate) => Begun,
  ): Promise<Outcome<VmObservation>> {
    return this.connection.mutate(method, context, async (fate) => {
      const { vm, operation } = begin(fate);
      const value = () => observe(vm, Date.now());
      return operation ? this.answer(operation, context, value) : done(value());
    });
  }

  /** Answers at once or when the work is done, as configured. */
  private async answer<T>(
    operation: OperationRecord,
    context: CallContext,
    value: () => T,
  ): Promise<Outcome<T>> {
    this.model.persist();
    if (this.model.config.asynchronous) {
      const handle = { type: OPERATION_TYPE, ref: operation.ref };
      return { state: 'ACCEPTED', operation: handle, pollAfterMs: this.pollAfterMs() };
    }
    while (operation.status === 'RUNNING') {
      context.reportProgress(percentOf(operation, Date.now()), operation.change.kind.toLowerCase());
      await sleep(this.pollAfterMs(), undefined, { signal: context.signal });
      this.model.wake();
    }
    requireDone(operation);
    return done(value());
  }

  private pollAfterMs(): number {
    return Math.min(1_000, Math.max(1, Math.ceil(this.model.config.operationMs / 10)));
  }
}

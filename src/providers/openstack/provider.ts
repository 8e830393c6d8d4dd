import { AppError } from '../../kernel';
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
  VmObservation,
  VmRef,
  VmSize,
  VmSpec,
} from '../contract';
import { capabilitiesOf } from './capabilities';
import type { Cloud } from './cloud';
import { readConsoleLog } from './console-log';
import { createVm } from './create-vm';
import { deleteVm } from './delete-vm';
import { translateError } from './errors';
import { findOwn, locate, observed } from './find-vm';
import { resolveImage } from './images';
import { listVms } from './list-vms';
import type { FoundServer } from './map-server';
import { createNetwork, deleteNetwork, listNetworks, locateNetwork } from './networks';
import { pollOperation } from './operations';
import { rebootVm, resumeVm, startVm, stopVm, suspendVm } from './power';
import { probe } from './probe';
import { resizeVm } from './resize-vm';
import { SharedWatch } from './watch';

/** Nova answers before it has done anything: what changes a server answers ACCEPTED. */
export class OpenStackProvider implements HypervisorProvider {
  readonly kind = 'openstack';
  readonly capabilities: Capabilities;
  private readonly feed: SharedWatch;

  constructor(private readonly cloud: Cloud) {
    this.capabilities = capabilitiesOf(cloud.config);
    this.feed = new SharedWatch(cloud);
  }

  probe(context: CallContext): Promise<BackendProbe> {
    return translated(context, () => probe(this.cloud, context));
  }

  close(): Promise<void> {
    this.cloud.client.close();
    return Promise.resolve();
  }

  resolveImage(imageRef: string, context: CallContext): Promise<ImageObservation | null> {
    return translated(context, () => resolveImage(this.cloud, imageRef, context));
  }

  createVm(spec: VmSpec, context: CallContext): Promise<Outcome<VmObservation>> {
    return translated(context, () => createVm(this.cloud, spec, context));
  }

  locateVm(marker: Marker, context: CallContext): Promise<VmObservation | null> {
    return translated(context, () => this.shown(locate(this.cloud, marker, context), context));
  }

  getVm(ref: VmRef, context: CallContext): Promise<VmObservation | null> {
    return translated(context, () => this.shown(findOwn(this.cloud, ref, context), context));
  }

  listVms(
    query: { readonly installationId: string; readonly pageToken: string | null },
    context: CallContext,
  ): Promise<Page<VmObservation>> {
    return translated(context, () => listVms(this.cloud, query, context));
  }

  startVm(ref: VmRef, context: CallContext): Promise<Outcome<VmObservation>> {
    return translated(context, () => startVm(this.cloud, ref, context));
  }

  stopVm(ref: VmRef, mode: 'GRACEFUL' | 'FORCED', context: CallContext): Promise<Outcome<VmObservation>> {
    return translated(context, () => stopVm(this.cloud, ref, mode, context));
  }

  rebootVm(ref: VmRef, mode: 'GRACEFUL' | 'FORCED', context: CallContext): Promise<Outcome<VmObservation>> {
    return translated(context, () => rebootVm(this.cloud, ref, mode, context));
  }

  suspendVm(ref: VmRef, context: CallContext): Promise<Outcome<VmObservation>> {
    return translated(context, () => suspendVm(this.cloud, ref, context));
  }

  resumeVm(ref: VmRef, context: CallContext): Promise<Outcome<VmObservation>> {
    return translated(context, () => resumeVm(this.cloud, ref, context));
  }

  resizeVm(ref: VmRef, size: VmSize, context: CallContext): Promise<Outcome<VmObservation>> {
    return translated(context, () => resizeVm(this.cloud, ref, size, context));
  }

  deleteVm(ref: VmRef, context: CallContext): Promise<Outcome<null>> {
    return translated(context, () => deleteVm(this.cloud, ref, context));
  }

  readConsoleLog(ref: VmRef, maxBytes: number, context: CallContext): Promise<string> {
    return translated(context, () => readConsoleLog(this.cloud, ref, maxBytes, context));
  }

  createNetwork(spec: NetworkSpec, context: CallContext): Promise<Outcome<NetworkObservation>> {
    return translated(context, () => createNetwork(this.cloud, spec, context));
  }

  locateNetwork(marker: Marker, context: CallContext): Promise<NetworkObservation | null> {
    return translated(context, () => locateNetwork(this.cloud, marker, context));
  }

  listNetworks(installationId: string, context: CallContext): Promise<readonly NetworkObservation[]> {
    return translated(context, () => listNetworks(this.cloud, installationId, context));
  }

  deleteNetwork(ref: NetworkRef, context: CallContext): Promise<Outcome<null>> {
    return translated(context, () => deleteNetwork(this.cloud, ref, context));
  }

  pollOperation<T>(operation: OperationRef, context: CallContext): Promise<OperationProgress<T>> {
    // The T is that of the mutation that stored the operation.
    return translated(
      context,
      () => pollOperation(this.cloud, operation, context) as Promise<OperationProgress<T>>,
    );
  }

  watch(listener: (event: BackendEvent) => void, signal: AbortSignal): Promise<void> {
    return this.feed.watch(listener, signal);
  }

  private async shown(vm: Promise<FoundServer | null>, context: CallContext): Promise<VmObservation | null> {
    const found = await vm;
    return found && observed(this.cloud, found, context);
  }
}

/** The edge: nothing but an AppError leaves the provider. */
async function translated<T>({ signal }: CallContext, work: () => Promise<T>): Promise<T> {
  if (signal.aborted) throw new AppError('CANCELLED', 'The call was given up.');
  try {
    return await work();
  } catch (error) {
    throw translateError(error, signal);
  }
}

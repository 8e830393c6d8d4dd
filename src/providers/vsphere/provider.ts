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
import { createVm } from './create-vm';
import { deleteVm } from './delete-vm';
import { translateError } from './errors';
import { findByMarker, findOwn } from './find-vm';
import { resolveImage } from './images';
import { listVms } from './list-vms';
import { observe } from './map-vm';
import type { InventoryVm } from './map-vm';
import { createNetwork, deleteNetwork, listNetworks, locateNetwork } from './networks';
import { pollOperation } from './operations';
import { rebootVm, resumeVm, startVm, stopVm, suspendVm } from './power';
import { probe } from './probe';
import { resizeVm } from './resize-vm';
import type { Vcenter } from './vcenter';
import { watchVms } from './watch';

/** What takes the server time answers ACCEPTED with its task. */
export class VsphereProvider implements HypervisorProvider {
  readonly kind = 'vsphere';
  readonly capabilities: Capabilities;

  constructor(private readonly vcenter: Vcenter) {
    this.capabilities = capabilitiesOf(vcenter.config);
  }

  probe(context: CallContext): Promise<BackendProbe> {
    return translated(context, () => probe(this.vcenter, context));
  }

  close(): Promise<void> {
    return this.vcenter.client.close();
  }

  resolveImage(imageRef: string, context: CallContext): Promise<ImageObservation | null> {
    return translated(context, () => resolveImage(this.vcenter, imageRef, context));
  }

  createVm(spec: VmSpec, context: CallContext): Promise<Outcome<VmObservation>> {
    return translated(context, () => createVm(this.vcenter, spec, context));
  }

  locateVm(marker: Marker, context: CallContext): Promise<VmObservation | null> {
    return translated(context, () => shown(findByMarker(this.vcenter, marker, context)));
  }

  getVm(ref: VmRef, context: CallContext): Promise<VmObservation | null> {
    return translated(context, () => shown(findOwn(this.vcenter, ref, context)));
  }

  listVms(
    query: { readonly installationId: string; readonly pageToken: string | null },
    context: CallContext,
  ): Promise<Page<VmObservation>> {
    return translated(context, () => listVms(this.vcenter, query, context));
  }

  startVm(ref: VmRef, context: CallContext): Promise<Outcome<VmObservation>> {
    return translated(context, () => startVm(this.vcenter, ref, context));
  }

  stopVm(ref: VmRef, mode: 'GRACEFUL' | 'FORCED', context: CallContext): Promise<Outcome<VmObservation>> {
    return translated(context, () => stopVm(this.vcenter, ref, mode, context));
  }

  rebootVm(ref: VmRef, mode: 'GRACEFUL' | 'FORCED', context: CallContext): Promise<Outcome<VmObservation>> {
    return translated(context, () => rebootVm(this.vcenter, ref, mode, context));
  }

  suspendVm(ref: VmRef, context: CallContext): Promise<Outcome<VmObservation>> {
    return translated(context, () => suspendVm(this.vcenter, ref, context));
  }

  resumeVm(ref: VmRef, context: CallContext): Promise<Outcome<VmObservation>> {
    return translated(context, () => resumeVm(this.vcenter, ref, context));
  }

  resizeVm(ref: VmRef, size: VmSize, context: CallContext): Promise<Outcome<VmObservation>> {
    return translated(context, () => resizeVm(this.vcenter, ref, size, context));
  }

  deleteVm(ref: VmRef, context: CallContext): Promise<Outcome<null>> {
    return translated(context, () => deleteVm(this.vcenter, ref, context));
  }

  /** Not declared, so nobody asks. */
  readConsoleLog(): Promise<string> {
    return Promise.reject(new AppError('UNSUPPORTED', 'This backend has no console log.'));
  }

  createNetwork(spec: NetworkSpec, context: CallContext): Promise<Outcome<NetworkObservation>> {
    return translated(context, () => createNetwork(this.vcenter, spec, context));
  }

  locateNetwork(marker: Marker, context: CallContext): Promise<NetworkObservation | null> {
    return translated(context, () => locateNetwork(this.vcenter, marker, context));
  }

  listNetworks(installationId: string, context: CallContext): Promise<readonly NetworkObservation[]> {
    return translated(context, () => listNetworks(this.vcenter, installationId, context));
  }

  deleteNetwork(ref: NetworkRef, context: CallContext): Promise<Outcome<null>> {
    return translated(context, () => deleteNetwork(this.vcenter, ref, context));
  }

  pollOperation<T>(operation: OperationRef, context: CallContext): Promise<OperationProgress<T>> {
    // The T is that of the mutation that stored the operation.
    return translated(
      context,
      () => pollOperation(this.vcenter, operation, context) as Promise<OperationProgress<T>>,
    );
  }

  watch(listener: (event: BackendEvent) => void, signal: AbortSignal): Promise<void> {
    return watchVms(this.vcenter, listener, signal);
  }
}

async function shown(found: Promise<InventoryVm | null>): Promise<VmObservation | null> {
  const vm = await found;
  return vm && observe(vm);
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

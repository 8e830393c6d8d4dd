import { AppError } from '../../kernel';
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
  VmObservation,
  VmRef,
  VmSize,
  VmSpec,
} from '../contract';
import { capabilities } from './capabilities';
import { readConsoleLog } from './console-log';
import { createVm } from './create-vm';
import { deleteVm } from './delete-vm';
import { translateError } from './errors';
import { getVm, listVms } from './find-vm';
import type { LibvirtHost } from './host';
import { probe } from './host-facts';
import { resolveImage } from './images';
import { createNetwork, deleteNetwork, listNetworks, locateNetwork } from './networks';
import { rebootVm, resumeVm, startVm, stopVm, suspendVm } from './power';
import { resizeVm } from './resize-vm';
import { watchVms } from './watch';

/** libvirt finishes before it answers, so every outcome is DONE. */
export class LibvirtProvider implements HypervisorProvider {
  readonly kind = 'libvirt';
  readonly capabilities: Capabilities = capabilities;

  constructor(private readonly host: LibvirtHost) {}

  probe(context: CallContext): Promise<BackendProbe> {
    return translated(context, () => probe(this.host, context));
  }

  close(): Promise<void> {
    this.host.client.close();
    return Promise.resolve();
  }

  resolveImage(imageRef: string, context: CallContext): Promise<ImageObservation | null> {
    return translated(context, () => resolveImage(this.host, imageRef, context));
  }

  createVm(spec: VmSpec, context: CallContext): Promise<Outcome<VmObservation>> {
    return finished(context, () => createVm(this.host, spec, context));
  }

  locateVm(marker: Marker, context: CallContext): Promise<VmObservation | null> {
    return translated(context, () => getVm(this.host, { externalId: '', marker }, context));
  }

  getVm(ref: VmRef, context: CallContext): Promise<VmObservation | null> {
    return translated(context, () => getVm(this.host, ref, context));
  }

  listVms(
    query: { readonly installationId: string; readonly pageToken: string | null },
    context: CallContext,
  ): Promise<Page<VmObservation>> {
    return translated(context, () => listVms(this.host, query, context));
  }

  startVm(ref: VmRef, context: CallContext): Promise<Outcome<VmObservation>> {
    return finished(context, () => startVm(this.host, ref, context));
  }

  stopVm(ref: VmRef, mode: 'GRACEFUL' | 'FORCED', context: CallContext): Promise<Outcome<VmObservation>> {
    return finished(context, () => stopVm(this.host, ref, mode, context));
  }

  rebootVm(ref: VmRef, mode: 'GRACEFUL' | 'FORCED', context: CallContext): Promise<Outcome<VmObservation>> {
    return finished(context, () => rebootVm(this.host, ref, mode, context));
  }

  suspendVm(ref: VmRef, context: CallContext): Promise<Outcome<VmObservation>> {
    return finished(context, () => suspendVm(this.host, ref, context));
  }

  resumeVm(ref: VmRef, context: CallContext): Promise<Outcome<VmObservation>> {
    return finished(context, () => resumeVm(this.host, ref, context));
  }

  resizeVm(ref: VmRef, size: VmSize, context: CallContext): Promise<Outcome<VmObservation>> {
    return finished(context, () => resizeVm(this.host, ref, size, context));
  }

  deleteVm(ref: VmRef, context: CallContext): Promise<Outcome<null>> {
    return finished(context, () => deleteVm(this.host, ref, context));
  }

  readConsoleLog(ref: VmRef, maxBytes: number, context: CallContext): Promise<string> {
    return translated(context, () => readConsoleLog(this.host, ref, maxBytes, context));
  }

  createNetwork(spec: NetworkSpec, context: CallContext): Promise<Outcome<NetworkObservation>> {
    return finished(context, () => createNetwork(this.host, spec, context));
  }

  locateNetwork(marker: Marker, context: CallContext): Promise<NetworkObservation | null> {
    return translated(context, () => locateNetwork(this.host, marker, context));
  }

  listNetworks(installationId: string, context: CallContext): Promise<readonly NetworkObservation[]> {
    return translated(context, () => listNetworks(this.host, installationId, context));
  }

  deleteNetwork(ref: NetworkRef, context: CallContext): Promise<Outcome<null>> {
    return finished(context, () => deleteNetwork(this.host, ref, context));
  }

  /** No call here ever answers ACCEPTED, so nothing that is asked after is known. */
  pollOperation<T>(_operation: OperationRef, _context: CallContext): Promise<OperationProgress<T>> {
    return Promise.resolve({ state: 'LOST' });
  }

  watch(listener: (event: BackendEvent) => void, signal: AbortSignal): Promise<void> {
    return watchVms(this.host, listener, signal);
  }
}

async function finished<T>(context: CallContext, work: () => Promise<T>): Promise<Outcome<T>> {
  return done(await translated(context, work));
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

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
import type { Ec2Account } from './account';
import { capabilitiesOf } from './capabilities';
import { readConsoleLog } from './console-log';
import { createVm } from './creation';
import { deleteVm } from './delete-vm';
import { translateError } from './errors';
import { VmFeed } from './feed';
import { resolveImage } from './images';
import { findByMarker, findOwn } from './find-vm';
import { observe } from './instances';
import type { InventoryInstance } from './instances';
import { listVms } from './list-vms';
import { createNetwork, deleteNetwork, listNetworks, locateNetwork } from './networks';
import { pollOperation } from './operations';
import { rebootVm, startVm, stopVm } from './power';
import { probe } from './probe';
import { resizeVm } from './resize-vm';

/** EC2 accepts, and does it later: nearly every mutation answers ACCEPTED, and is polled by what EC2 shows. */
export class Ec2Provider implements HypervisorProvider {
  readonly kind = 'ec2';
  readonly capabilities: Capabilities;
  private readonly feed: VmFeed;

  constructor(private readonly account: Ec2Account) {
    this.capabilities = capabilitiesOf(account.config);
    this.feed = new VmFeed(account);
  }

  probe(context: CallContext): Promise<BackendProbe> {
    return translated(context, () => probe(this.account, context));
  }

  close(): Promise<void> {
    return this.account.line.close();
  }

  resolveImage(imageRef: string, context: CallContext): Promise<ImageObservation | null> {
    return translated(context, () => resolveImage(this.account, imageRef, context));
  }

  createVm(spec: VmSpec, context: CallContext): Promise<Outcome<VmObservation>> {
    return translated(context, () => createVm(this.account, spec, context));
  }

  locateVm(marker: Marker, context: CallContext): Promise<VmObservation | null> {
    return translated(context, () => shown(findByMarker(this.account, marker, context)));
  }

  getVm(ref: VmRef, context: CallContext): Promise<VmObservation | null> {
    return translated(context, () => shown(findOwn(this.account, ref, context)));
  }

  listVms(
    query: { readonly installationId: string; readonly pageToken: string | null },
    context: CallContext,
  ): Promise<Page<VmObservation>> {
    return translated(context, () => listVms(this.account, query, context));
  }

  startVm(ref: VmRef, context: CallContext): Promise<Outcome<VmObservation>> {
    return translated(context, () => startVm(this.account, ref, context));
  }

  stopVm(ref: VmRef, mode: 'GRACEFUL' | 'FORCED', context: CallContext): Promise<Outcome<VmObservation>> {
    return translated(context, () => stopVm(this.account, ref, mode, context));
  }

  rebootVm(ref: VmRef, _mode: 'GRACEFUL' | 'FORCED', context: CallContext): Promise<Outcome<VmObservation>> {
    return translated(context, () => rebootVm(this.account, ref, context));
  }

  /** Not declared, so nobody asks. */
  suspendVm(): Promise<Outcome<VmObservation>> {
    return Promise.reject(new AppError('UNSUPPORTED', 'EC2 does not suspend VMs.'));
  }

  resumeVm(): Promise<Outcome<VmObservation>> {
    return Promise.reject(new AppError('UNSUPPORTED', 'EC2 does not suspend VMs.'));
  }

  resizeVm(ref: VmRef, size: VmSize, context: CallContext): Promise<Outcome<VmObservation>> {
    return translated(context, () => resizeVm(this.account, ref, size, context));
  }

  deleteVm(ref: VmRef, context: CallContext): Promise<Outcome<null>> {
    return translated(context, () => deleteVm(this.account, ref, context));
  }

  readConsoleLog(ref: VmRef, maxBytes: number, context: CallContext): Promise<string> {
    return translated(context, () => readConsoleLog(this.account, ref, maxBytes, context));
  }

  createNetwork(spec: NetworkSpec, context: CallContext): Promise<Outcome<NetworkObservation>> {
    return translated(context, () => createNetwork(this.account, spec, context));
  }

  locateNetwork(marker: Marker, context: CallContext): Promise<NetworkObservation | null> {
    return translated(context, () => locateNetwork(this.account, marker, context));
  }

  listNetworks(installationId: string, context: CallContext): Promise<readonly NetworkObservation[]> {
    return translated(context, () => listNetworks(this.account, installationId, context));
  }

  deleteNetwork(ref: NetworkRef, context: CallContext): Promise<Outcome<null>> {
    return translated(context, () => deleteNetwork(this.account, ref, context));
  }

  pollOperation<T>(operation: OperationRef, context: CallContext): Promise<OperationProgress<T>> {
    // The T is that of the mutation that stored the operation.
    return translated(
      context,
      () => pollOperation(this.account, operation, context) as Promise<OperationProgress<T>>,
    );
  }

  watch(listener: (event: BackendEvent) => void, signal: AbortSignal): Promise<void> {
    return this.feed.watch(listener, signal);
  }
}

async function shown(found: Promise<InventoryInstance | null>): Promise<VmObservation | null> {
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

import type { z } from 'zod';
import type { Logger } from '../../kernel';
import type { Capabilities } from './capabilities';
import type { ImageObservation } from './image';
import type { Marker } from './marker';
import type { NetworkObservation, NetworkRef, NetworkSpec } from './network';
import type { RequestGate } from './request-gate';
import type { CallContext, OperationProgress, OperationRef, Outcome } from './operation';
import type { BackendEvent, Page, VmObservation, VmRef, VmSize, VmSpec } from './vm';

/** What a backend says of itself. Null stands for what it does not tell. */
export interface BackendProbe {
  /** Product and version, for example `QEMU 7.2.0 on libvirt 9.0.0`. */
  readonly version: string;
  readonly capacity: {
    readonly cpuCount: number | null;
    readonly memoryMib: number | null;
    readonly freeMemoryMib: number | null;
    readonly storageGib: number | null;
    readonly freeStorageGib: number | null;
  };
}

/**
 * One connection to one hypervisor or cloud: what a plugin implements. The rules that hold for every method:
 *
 * - **Errors** are `AppError`s with a code of the closed list: UNAVAILABLE when the backend cannot be reached,
 *   DEADLINE_EXCEEDED when it did not answer in time, RESOURCE_EXHAUSTED for quota and capacity,
 *   UNAUTHENTICATED/PERMISSION_DENIED for our own credentials (FAILED_PRECONDITION to whoever calls the guard, because a
 *   client of the API would take them for its own), INVALID_ARGUMENT for a refused value,
 *   FAILED_PRECONDITION for a state that does not allow it, UNSUPPORTED for an undeclared capability. The
 *   message is safe for a tenant; the native error is the `cause`. A refusal because of other work on the same object is
 *   retryable.
 * - **Idempotency**: every mutation may be repeated with the same arguments, after a crash in the middle too.
 *   What is done already is not done again, and the answer is the same. Of the same mutation called twice at once, one
 *   may be refused with a retryable error, but never is the work done twice.
 * - **Ownership**: a mutation whose `marker` does not fit the object that it finds answers NOT_FOUND, and so does
 *   `readConsoleLog`; the other reads answer null. What has to fit is `installationId`, `tenantId` and `objectId`.
 * - **Gone is not an error**: reads answer null, deletions succeed. Every other call for it answers NOT_FOUND.
 * - **Time**: each call ends in bounded time, and early with CANCELLED when `context.signal` is aborted.
 * - **Cleaning up**: a creation that fails may leave parts behind; the caller then calls the deletion with a
 *   ref whose `externalId` is empty, and the provider removes all that carries the marker. Such parts are no VM: no read
 *   shows them, and the repeated creation is not kept from succeeding by them.
 *
 * Arguments, undeclared capabilities, bounded time and unexpected errors are the guard's part (`guardProvider`): a plugin
 * is never asked for what it does not declare, and may rely on the values that it is given.
 */
export interface HypervisorProvider {
  readonly kind: string;
  readonly capabilities: Capabilities;

  /** Reaches the backend and reads its version and capacity. */
  probe(context: CallContext): Promise<BackendProbe>;
  /** Closes connections; afterwards every call answers UNAVAILABLE. Safe to repeat. */
  close(): Promise<void>;

  /** Null when the backend has no such image. `imageRef` is what the administrator wrote in the template. */
  resolveImage(imageRef: string, context: CallContext): Promise<ImageObservation | null>;

  /**
   * Makes the VM; it may be running or not afterwards (clouds start what they create): the caller then asks for the
   * power state that it wants. Idempotent by `spec.marker`; whoever repeats it on a backend with a `listingLagMs` waits
   * that long first. INVALID_ARGUMENT for a disk smaller than the image; INVALID_ARGUMENT, NOT_FOUND or
   * FAILED_PRECONDITION for an image or a network that is not there.
   */
  createVm(spec: VmSpec, context: CallContext): Promise<Outcome<VmObservation>>;
  /**
   * Finds what `createVm` with this marker made (subject to `listingLagMs`). It may still be under construction: only
   * the repeated `createVm` tells whether it is finished.
   */
  locateVm(marker: Marker, context: CallContext): Promise<VmObservation | null>;
  getVm(ref: VmRef, context: CallContext): Promise<VmObservation | null>;
  /**
   * All VMs that carry the installation's marker, each on one page. INVALID_ARGUMENT for a page token that is not one of
   * the backend's.
   */
  listVms(
    query: { readonly installationId: string; readonly pageToken: string | null },
    context: CallContext,
  ): Promise<Page<VmObservation>>;
  /** POWERED_ON afterwards; on a running VM nothing happens; a suspended one is resumed. */
  startVm(ref: VmRef, context: CallContext): Promise<Outcome<VmObservation>>;
  /**
   * POWERED_OFF afterwards. GRACEFUL asks the guest and waits for it (DEADLINE_EXCEEDED when it does not comply in the
   * provider's time; FAILED_PRECONDITION on a suspended one); FORCED pulls the plug, and drops a suspended VM's memory.
   * On a stopped VM nothing happens.
   */
  stopVm(ref: VmRef, mode: 'GRACEFUL' | 'FORCED', context: CallContext): Promise<Outcome<VmObservation>>;
  /** Restarts the guest. FAILED_PRECONDITION unless POWERED_ON. FORCED resets without asking the guest. */
  rebootVm(ref: VmRef, mode: 'GRACEFUL' | 'FORCED', context: CallContext): Promise<Outcome<VmObservation>>;
  /** SUSPENDED afterwards; on a suspended VM nothing happens; FAILED_PRECONDITION on a stopped one. */
  suspendVm(ref: VmRef, context: CallContext): Promise<Outcome<VmObservation>>;
  /** POWERED_ON afterwards; on a running VM nothing happens; FAILED_PRECONDITION on a stopped one. */
  resumeVm(ref: VmRef, context: CallContext): Promise<Outcome<VmObservation>>;
  /**
   * Changes what `size` names. FAILED_PRECONDITION when the VM has to be stopped first; INVALID_ARGUMENT for a smaller
   * disk. Where parts can be applied and others not, nothing is applied.
   */
  resizeVm(ref: VmRef, size: VmSize, context: CallContext): Promise<Outcome<VmObservation>>;
  /** Removes the VM, running or not, with all its disks, logs and whatever a failed creation left. */
  deleteVm(ref: VmRef, context: CallContext): Promise<Outcome<null>>;
  /**
   * At most the last `maxBytes` bytes of the console's text, decoded as UTF-8 with replacement; empty before the VM ever
   * ran. NOT_FOUND for a VM that is gone or somebody else's.
   */
  readConsoleLog(ref: VmRef, maxBytes: number, context: CallContext): Promise<string>;

  /** Idempotent by `spec.marker`. ALREADY_EXISTS when the range is in use on the backend. */
  createNetwork(spec: NetworkSpec, context: CallContext): Promise<Outcome<NetworkObservation>>;
  locateNetwork(marker: Marker, context: CallContext): Promise<NetworkObservation | null>;
  /** All networks that carry the installation's marker and that `locateNetwork` would find. */
  listNetworks(installationId: string, context: CallContext): Promise<readonly NetworkObservation[]>;
  /** FAILED_PRECONDITION while VMs are attached to it, where the backend knows. */
  deleteNetwork(ref: NetworkRef, context: CallContext): Promise<Outcome<null>>;

  /**
   * Asks after accepted work, from any process and again after it ended. The `T` is that of the mutation that answered
   * with `operation`. What the backend does not know is LOST.
   */
  pollOperation<T>(operation: OperationRef, context: CallContext): Promise<OperationProgress<T>>;

  /**
   * Tells `listener` of changes until `signal` is aborted, reconnecting by itself; each (re)connection begins with
   * RESYNC. Resolves when the signal is aborted.
   */
  watch(listener: (event: BackendEvent) => void, signal: AbortSignal): Promise<void>;
}

/** What a provider's constructor is given besides its own configuration. */
export interface ProviderEnvironment {
  /** The backend's configured name, for logs. */
  readonly backendName: string;
  readonly logger: Logger;
  /** The one way of the backend's requests: every request to it goes through. */
  readonly requests: RequestGate;
}

/** A plugin: how to validate its configuration and how to make it. One line of the registry each. */
export interface ProviderFactory<Schema extends z.ZodType = z.ZodType> {
  readonly kind: string;
  /** The keys of a backend's configuration besides `name`, `kind` and `location`. Strict: unknown keys are refused. */
  readonly configSchema: Schema;
  /** Does not connect: a gateway starts while its backends are down. */
  create(config: z.output<Schema>, environment: ProviderEnvironment): HypervisorProvider;
}

import { AppError, toAppError } from '../../kernel';
import type { AppErrorOptions, ErrorCode } from '../../kernel';
import { OBJECT_BUSY, parseRetryAfter, throttledError } from '../contract';
import { EncodingError, TransportError, VimFault } from './client';

type Translation = readonly [code: ErrorCode, message: string, options?: AppErrorOptions];

const NO_CAPACITY: Translation = ['RESOURCE_EXHAUSTED', 'vSphere has no capacity left for this.'];
const NO_STORAGE: Translation = ['RESOURCE_EXHAUSTED', 'vSphere has no storage left for this.'];
const REFUSED_VALUE: Translation = ['INVALID_ARGUMENT', 'vSphere refused a value.'];
const WRONG_STATE: Translation = ['FAILED_PRECONDITION', 'The state on vSphere does not allow this.'];
const BUSY: Translation = [
  'UNAVAILABLE',
  'vSphere is busy with another change of the same object.',
  { details: { reason: OBJECT_BUSY } },
];
const NOT_PERMITTED: Translation = ['PERMISSION_DENIED', 'vSphere does not permit this to the gateway.'];
const FAILED = ['INTERNAL', 'vSphere reported an error.'] as const;
/**
 * The work may be done or not: a server that was restarted says so of all that it had under way. The repeated mutation
 * finds out; some tries later the error is final.
 */
const INTERRUPTED: Translation = [...FAILED, { retryable: true }];
const UNREACHED: Translation = ['UNAVAILABLE', 'vSphere cannot be reached.'];
const UNSUPPORTED: Translation = ['UNSUPPORTED', 'vSphere does not support this.'];

/**
 * By the fault's type. The server's own text stays in the cause: it names hosts, datastores and other tenants' objects.
 *
 * Source: vSphere Web Services API reference, the faults of the methods that we call.
 */
const BY_TYPE: Readonly<Record<string, Translation>> = {
  AlreadyExists: ['ALREADY_EXISTS', 'vSphere has such an object already.'],
  CannotAccessFile: WRONG_STATE,
  CannotAccessVmDevice: WRONG_STATE,
  ConcurrentAccess: BUSY,
  CpuIncompatible: WRONG_STATE,
  DatacenterMismatch: REFUSED_VALUE,
  DuplicateName: ['ALREADY_EXISTS', 'vSphere has an object with this name already.'],
  FileAlreadyExists: ['ALREADY_EXISTS', 'vSphere has such a file already.'],
  FileLocked: BUSY,
  FileNotFound: WRONG_STATE,
  GenericVmConfigFault: WRONG_STATE,
  HostCommunication: UNREACHED,
  HostNotConnected: UNREACHED,
  HostNotReachable: UNREACHED,
  InaccessibleDatastore: ['UNAVAILABLE', 'The storage of vSphere cannot be reached.'],
  InsufficientCpuResourcesFault: NO_CAPACITY,
  InsufficientFailoverResourcesFault: NO_CAPACITY,
  InsufficientHostCapacityFault: NO_CAPACITY,
  InsufficientMemoryResourcesFault: NO_CAPACITY,
  InsufficientResourcesFault: NO_CAPACITY,
  InsufficientStorageSpace: NO_STORAGE,
  InvalidArgument: REFUSED_VALUE,
  InvalidController: REFUSED_VALUE,
  InvalidDatastore: REFUSED_VALUE,
  InvalidDeviceBacking: REFUSED_VALUE,
  InvalidDeviceSpec: REFUSED_VALUE,
  InvalidHostState: WRONG_STATE,
  InvalidLogin: ['UNAUTHENTICATED', "vSphere refused the gateway's credentials."],
  InvalidName: REFUSED_VALUE,
  InvalidOperationOnSecondaryVm: WRONG_STATE,
  InvalidPowerState: WRONG_STATE,
  InvalidState: WRONG_STATE,
  InvalidVmConfig: REFUSED_VALUE,
  InvalidVmState: WRONG_STATE,
  ManagedObjectNotFound: ['NOT_FOUND', 'vSphere has no such object.'],
  MemorySizeNotRecommended: REFUSED_VALUE,
  MemorySizeNotSupported: REFUSED_VALUE,
  MethodDisabled: WRONG_STATE,
  MethodNotFound: UNSUPPORTED,
  NoActiveHostInCluster: NO_CAPACITY,
  NoCompatibleHost: NO_CAPACITY,
  NoDiskSpace: NO_STORAGE,
  NoPermission: NOT_PERMITTED,
  NotAuthenticated: ['UNAVAILABLE', 'vSphere ended the session of the gateway.'],
  NotEnoughCpus: NO_CAPACITY,
  NotEnoughLicenses: ['RESOURCE_EXHAUSTED', 'vSphere has no licence left for this.'],
  NotFound: ['NOT_FOUND', 'vSphere has no such object.'],
  NotSupported: UNSUPPORTED,
  NumVirtualCpusNotSupported: REFUSED_VALUE,
  OutOfBounds: REFUSED_VALUE,
  PasswordExpired: ['UNAUTHENTICATED', "vSphere refused the gateway's credentials."],
  // By another client of the server: our own cancellations never get here.
  RequestCanceled: ['FAILED_PRECONDITION', 'The work was cancelled on vSphere.'],
  ResourceInUse: WRONG_STATE,
  ResourceNotAvailable: NO_CAPACITY,
  RestrictedVersion: UNSUPPORTED,
  TaskInProgress: BUSY,
  SystemError: INTERRUPTED,
  Timedout: ['DEADLINE_EXCEEDED', 'vSphere did not finish in time.'],
  // They may be about to: a guest that boots has none.
  ToolsUnavailable: [
    'FAILED_PRECONDITION',
    'The guest cannot be asked: its VMware Tools do not run.',
    { retryable: true },
  ],
  TooManyDevices: REFUSED_VALUE,
  VmConfigFault: REFUSED_VALUE,
};

const BY_REASON: Readonly<Record<TransportError['reason'], Translation>> = {
  UNREACHABLE: UNREACHED,
  CUT_OFF: ['UNAVAILABLE', 'The connection to vSphere was cut off.'],
  TIMEOUT: ['DEADLINE_EXCEEDED', 'vSphere did not answer in time.'],
  BAD_ANSWER: ['UNAVAILABLE', 'vSphere gave an answer that cannot be understood.'],
  // It is our configuration or somebody in between: asking again without a change is not worth much, but harmless.
  CERTIFICATE: ['UNAVAILABLE', "The certificate of vSphere is not the gateway's to trust."],
  HTTP_STATUS: ['UNAVAILABLE', 'vSphere is not ready to answer.'],
  CLOSED: ['UNAVAILABLE', 'The connection to vSphere is closed.'],
};

/** A map, because a server may name a fault after a member of every object. */
const TRANSLATIONS: ReadonlyMap<string, Translation> = new Map(Object.entries(BY_TYPE));

/** Turns whatever was thrown on the way to the server into the one error that leaves the provider. */
export function translateError(error: unknown, signal: AbortSignal): AppError {
  if (error instanceof AppError) return error;
  if (signal.aborted) return new AppError('CANCELLED', 'The call was given up.', { cause: error });
  if (error instanceof VimFault) return translateFault(error);
  if (error instanceof EncodingError) return translated(REFUSED_VALUE, error);
  if (error instanceof TransportError) return translateTransport(error);
  return toAppError(error);
}

/** A server, or a proxy in front of it, that says when to come back is there, and wants fewer requests. */
function translateTransport(error: TransportError): AppError {
  const { status, retryAfter } = error;
  if (status === 429 || (status === 503 && retryAfter !== null))
    return throttledError(parseRetryAfter(retryAfter), error);
  return translated(BY_REASON[error.reason], error);
}

export function translateFault(fault: VimFault): AppError {
  return translated(TRANSLATIONS.get(fault.type) ?? FAILED, fault);
}

export function isFault(error: unknown, ...types: readonly string[]): error is VimFault {
  return error instanceof VimFault && types.includes(error.type);
}

function translated([code, message, options]: Translation, cause: unknown): AppError {
  return new AppError(code, message, { ...options, cause });
}

import { AppError, toAppError } from '../../kernel';
import type { AppErrorOptions, ErrorCode } from '../../kernel';
import { OBJECT_BUSY } from '../contract';
import { Ec2Fault, Ec2LineError } from './client';
import type { LineTrouble } from './client';

type Translation = readonly [code: ErrorCode, message: string, options?: AppErrorOptions];

const QUOTA: Translation = ['RESOURCE_EXHAUSTED', 'The quota of the EC2 account is used up.'];
const CAPACITY: Translation = ['RESOURCE_EXHAUSTED', 'EC2 has no capacity left for this.'];
const REFUSED_VALUE: Translation = ['INVALID_ARGUMENT', 'EC2 refused a value.'];
const WRONG_STATE: Translation = ['FAILED_PRECONDITION', 'The state on EC2 does not allow this.'];
const UNKNOWN_CALLER: Translation = ['UNAUTHENTICATED', "EC2 refused the gateway's credentials."];
const NOT_PERMITTED: Translation = ['PERMISSION_DENIED', 'EC2 does not permit this to the gateway.'];
const NOT_THERE: Translation = ['NOT_FOUND', 'EC2 has no such object.'];
const UNSUPPORTED: Translation = ['UNSUPPORTED', 'EC2 does not support this.'];
const NOT_READY: Translation = ['UNAVAILABLE', 'EC2 is not ready to answer.'];
/** The work may be done or not: the repeated mutation finds out. */
const BROKEN: Translation = ['INTERNAL', 'EC2 reported an error of its own.', { retryable: true }];
const FAILED: Translation = ['INTERNAL', 'EC2 reported an error.'];
const DISK_CHANGED: Translation = [
  'FAILED_PRECONDITION',
  'EC2 lets a disk be changed again some hours after its last change only.',
];

/**
 * By the error's code. EC2's own text stays in the cause: it names objects of others.
 *
 * Source: EC2 API reference, "Error codes"; the same words stand after `Server.` and `Client.` in an instance's
 * StateReason.
 */
const BY_CODE: Readonly<Record<string, Translation>> = {
  AccessDenied: NOT_PERMITTED,
  AuthFailure: UNKNOWN_CALLER,
  Blocked: NOT_PERMITTED,
  IncorrectInstanceState: WRONG_STATE,
  IncorrectModificationState: DISK_CHANGED,
  IncorrectState: WRONG_STATE,
  IncompleteSignature: UNKNOWN_CALLER,
  InsufficientAddressCapacity: CAPACITY,
  InsufficientCapacity: CAPACITY,
  InsufficientFreeAddressesInSubnet: ['RESOURCE_EXHAUSTED', 'The network has no free address left.'],
  InsufficientHostCapacity: CAPACITY,
  InsufficientInstanceCapacity: CAPACITY,
  InsufficientVolumeCapacity: CAPACITY,
  InstanceInitiatedShutdown: ['FAILED_PRECONDITION', 'The guest shut down before it was ready.'],
  InternalError: BROKEN,
  InternalFailure: BROKEN,
  InvalidAction: UNSUPPORTED,
  InvalidClientTokenId: UNKNOWN_CALLER,
  MissingAuthenticationToken: UNKNOWN_CALLER,
  OperationNotPermitted: ['FAILED_PRECONDITION', 'EC2 protects this from being changed.'],
  OptInRequired: NOT_PERMITTED,
  PendingVerification: NOT_PERMITTED,
  ReservationCapacityExceeded: CAPACITY,
  ResourceCountExceeded: QUOTA,
  RequestExpired: ['UNAUTHENTICATED', "The gateway's clock and that of EC2 differ too much."],
  ServiceUnavailable: NOT_READY,
  SignatureDoesNotMatch: UNKNOWN_CALLER,
  TagLimitExceeded: ['INVALID_ARGUMENT', 'EC2 takes no more tags on one object.'],
  Unavailable: NOT_READY,
  UnauthorizedOperation: NOT_PERMITTED,
  UnsupportedOperation: UNSUPPORTED,
  Unsupported: ['FAILED_PRECONDITION', 'EC2 does not offer this where it is asked for.'],
  UserInitiatedShutdown: ['FAILED_PRECONDITION', 'It was terminated before it was ready.'],
  VcpuLimitExceeded: QUOTA,
  VolumeModificationRateExceeded: DISK_CHANGED,
};

/** A map, because a code may be the name of a member of every object. */
const TRANSLATIONS: ReadonlyMap<string, Translation> = new Map(Object.entries(BY_CODE));

/** Families of codes that EC2 adds to; what stands above goes first. */
const BY_FAMILY: readonly (readonly [RegExp, Translation])[] = [
  [/^Invalid.+\.NotFound$/, NOT_THERE],
  [/^Invalid.+\.(Duplicate|InUse)$/, WRONG_STATE],
  [/LimitExceeded$/, QUOTA],
  [/^(Invalid|Malformed|Missing|Unknown)/, REFUSED_VALUE],
  [/^DependencyViolation/, WRONG_STATE],
];

const BY_TROUBLE: Readonly<Record<LineTrouble, Translation>> = {
  UNREACHABLE: ['UNAVAILABLE', 'EC2 cannot be reached.'],
  TIMEOUT: ['DEADLINE_EXCEEDED', 'EC2 did not answer in time.'],
  BAD_ANSWER: ['UNAVAILABLE', 'EC2 gave an answer that cannot be understood.'],
};

/** Codes by which EC2 asks for fewer requests. The request was not executed. */
const THROTTLES: ReadonlySet<string> = new Set([
  'EC2ThrottledException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'SlowDown',
  'Throttling',
  'ThrottlingException',
]);

/** Whether the request was refused for the sake of a rate limit. */
export function asksForFewer(error: unknown): error is Ec2Fault {
  if (!(error instanceof Ec2Fault)) return false;
  return THROTTLES.has(error.code) || error.status === 429 || (error.status === 503 && !!error.retryAfter);
}

/** Turns whatever was thrown on the way to EC2 into the one error that leaves the provider. */
export function translateError(error: unknown, signal: AbortSignal): AppError {
  if (error instanceof AppError) return error;
  if (signal.aborted) return new AppError('CANCELLED', 'The call was given up.', { cause: error });
  if (error instanceof Ec2Fault) return translated(translationOf(error.code, error.status), error);
  if (error instanceof Ec2LineError) return translated(BY_TROUBLE[error.reason], error);
  return toAppError(error);
}

/**
 * Why an instance went away by itself.
 * @param reason the code of its StateReason, for example `Server.InsufficientInstanceCapacity`
 */
export function stateReasonError(reason: string | undefined, cause: unknown): AppError {
  const code = (reason ?? '').replace(/^(Server|Client)\./, '');
  return translated(translationOf(code, 400), cause);
}

/** Something else is being done to the object, or EC2 does not show yet what it has made: worth another try. */
export function stillBusy(cause?: unknown): AppError {
  return new AppError('UNAVAILABLE', 'EC2 is busy with another change of the same object.', {
    details: { reason: OBJECT_BUSY },
    cause,
  });
}

function translationOf(code: string, status: number): Translation {
  const known = TRANSLATIONS.get(code) ?? BY_FAMILY.find(([pattern]) => pattern.test(code))?.[1];
  return known ?? (status >= 500 ? NOT_READY : FAILED);
}

function translated([code, message, options]: Translation, cause: unknown): AppError {
  return new AppError(code, message, { ...options, cause });
}

import { AppError, toAppError } from '../../kernel';
import type { AppErrorOptions, ErrorCode } from '../../kernel';
import { OBJECT_BUSY } from '../contract';
import { OpenStackError, TransportError, UnsuitableCloudError } from './client';
import type { ServerFault } from './client';

type Translation = readonly [code: ErrorCode, message: string, options?: AppErrorOptions];

const NO_QUOTA: Translation = ['RESOURCE_EXHAUSTED', "The cloud's quota does not allow more of this."];
const NO_CAPACITY: Translation = ['RESOURCE_EXHAUSTED', 'The cloud has no capacity left for this.'];
const NO_ADDRESSES: Translation = ['RESOURCE_EXHAUSTED', 'The network of the cloud has no address left.'];
const REFUSED_VALUE: Translation = ['INVALID_ARGUMENT', 'The cloud refused a value.'];
const WRONG_STATE: Translation = ['FAILED_PRECONDITION', 'The state on the cloud does not allow this.'];
const IN_USE: Translation = ['FAILED_PRECONDITION', 'On the cloud this is in use.'];
const NOT_PERMITTED: Translation = ['PERMISSION_DENIED', 'The cloud does not permit this to the gateway.'];
const NO_SUCH_OBJECT: Translation = ['NOT_FOUND', 'The cloud has no such object.'];
const BUSY: Translation = [
  'UNAVAILABLE',
  'The cloud is busy with another change of the same object.',
  { details: { reason: OBJECT_BUSY } },
];
const UNSUPPORTED: Translation = ['UNSUPPORTED', 'The cloud does not support this.'];
const NOT_READY: Translation = ['UNAVAILABLE', 'The cloud is not ready to answer.'];
/** The work may be done or not. The repeated mutation finds out; some tries later the error is final. */
const INTERRUPTED: Translation = ['INTERNAL', 'The cloud reported an error.', { retryable: true }];

/**
 * By the status, where the service's own type says no more. The service's text stays in the cause: it names projects
 * and other tenants' objects.
 */
const BY_STATUS: ReadonlyMap<number, Translation> = new Map([
  [400, REFUSED_VALUE],
  [401, ['UNAUTHENTICATED', "The cloud refused the gateway's credentials."]],
  [403, NOT_PERMITTED],
  [404, NO_SUCH_OBJECT],
  [405, UNSUPPORTED],
  // Nova answers so where it does not speak the microversion that is asked for.
  [406, ['FAILED_PRECONDITION', 'The cloud does not speak the version of the API that is needed.']],
  [409, WRONG_STATE],
  [412, BUSY],
  [413, REFUSED_VALUE],
  [501, UNSUPPORTED],
  [502, NOT_READY],
  [503, NOT_READY],
  [504, ['DEADLINE_EXCEEDED', 'The cloud did not finish in time.']],
]);

/** By `NeutronError.type`. Source: the exceptions of neutron-lib, and those of Neutron's L3 and security group parts. */
const BY_NEUTRON_TYPE: ReadonlyMap<string, Translation> = new Map([
  ['ExternalIpAddressExhausted', NO_ADDRESSES],
  ['IpAddressGenerationFailure', NO_ADDRESSES],
  ['NoNetworkAvailable', NO_CAPACITY],
  ['OverQuota', NO_QUOTA],
  ['QuotaResourceUnknown', INTERRUPTED],
  // A 404, but not for want of what was asked for: no router leads from the card to the external network.
  ['ExternalGatewayForFloatingIPNotFound', WRONG_STATE],
  // There is no such collection: the cloud has no routers, or no floating IPs.
  ['HTTPNotFound', UNSUPPORTED],
  ['NetworkInUse', IN_USE],
  ['PortInUse', IN_USE],
  ['RouterInUse', IN_USE],
  ['RouterInterfaceInUseByFloatingIP', IN_USE],
  ['SecurityGroupInUse', IN_USE],
  ['SubnetInUse', IN_USE],
]);

/** The scheduler's verdict, which Nova gives as a 400 on a resize and as a fault of the server later. */
const NO_VALID_HOST = /^(No valid host was found|NoValidHost)/;

const BY_REASON: Readonly<Record<TransportError['reason'], Translation>> = {
  UNREACHABLE: ['UNAVAILABLE', 'The cloud cannot be reached.'],
  CUT_OFF: ['UNAVAILABLE', 'The connection to the cloud was cut off.'],
  TIMEOUT: ['DEADLINE_EXCEEDED', 'The cloud did not answer in time.'],
  BAD_ANSWER: ['UNAVAILABLE', 'The cloud gave an answer that cannot be understood.'],
  // It is our configuration or somebody in between: asking again without a change is not worth much, but harmless.
  CERTIFICATE: ['UNAVAILABLE', "The certificate of the cloud is not the gateway's to trust."],
  CLOSED: ['UNAVAILABLE', 'The connection to the cloud is closed.'],
};

/** Turns whatever was thrown on the way to the cloud into the one error that leaves the provider. */
export function translateError(error: unknown, signal: AbortSignal): AppError {
  if (error instanceof AppError) return error;
  if (signal.aborted) return new AppError('CANCELLED', 'The call was given up.', { cause: error });
  if (error instanceof OpenStackError) return translated(translationOf(error), error);
  if (error instanceof TransportError) return translated(BY_REASON[error.reason], error);
  if (error instanceof UnsuitableCloudError)
    return new AppError('FAILED_PRECONDITION', error.message, { cause: error });
  return toAppError(error);
}

/** Other work is under way on the same object; for a 409 of Nova, whose status does not tell that from a wrong state. */
export function busyError(cause?: unknown): AppError {
  return translated(BUSY, cause);
}

/**
 * Why the server is in ERROR. Final: it does not get better by asking again.
 * @param fault may be absent for a moment after the state ERROR
 */
export function translateServerFault(fault: ServerFault | null | undefined): AppError {
  // Two creations that race for the last of a quota: the second is accepted first and refused later.
  if (fault?.code === 413 || fault?.code === 403) return translated(NO_QUOTA, fault);
  // The scheduler's verdict comes as a code 500 like any other fault: Nova's text (NoValidHost) is all there is.
  if (fault !== null && fault !== undefined && NO_VALID_HOST.test(fault.message))
    return translated(NO_CAPACITY, fault);
  return new AppError('INTERNAL', 'The cloud failed at this.', { retryable: false, cause: fault });
}

export function isStatus(error: unknown, ...statuses: readonly number[]): error is OpenStackError {
  return error instanceof OpenStackError && statuses.includes(error.status);
}

function translationOf(error: OpenStackError): Translation {
  const { service, status, type } = error;
  if (service === 'identity') return ofIdentity(error);
  if (service === 'network' && type !== null) {
    const known = BY_NEUTRON_TYPE.get(type);
    if (known !== undefined) return known;
  }
  const scarce = service === 'compute' ? scarcityOfNova(error) : null;
  if (scarce !== null) return scarce;
  // What stands before the service answered, and not the service.
  if (status === 404 && !error.absent) return NOT_READY;
  return ofStatus(status);
}

/**
 * What Keystone does not find is no object of ours: it is the URL, or the project. A page or a redirect instead of an answer
 * is that of something in front of it, which passes.
 */
function ofIdentity({ status }: OpenStackError): Translation {
  if (status < 400 || status === 401 || status === 403 || status >= 500) return ofStatus(status);
  return ['FAILED_PRECONDITION', 'The identity service of the cloud cannot be used as it is configured.'];
}

function ofStatus(status: number): Translation {
  const known = BY_STATUS.get(status);
  if (known !== undefined) return known;
  return status < 400 ? NOT_READY : status < 500 ? REFUSED_VALUE : INTERRUPTED;
}

/**
 * Nova refuses for lack of quota and for lack of permission with the same status and the same type (`forbidden`), and a
 * resize that no host can bear like any wrong value; its text is all that tells them apart. Source: the messages of
 * QuotaError's and its subclasses in `nova/exception.py`.
 */
function scarcityOfNova({ status, message }: OpenStackError): Translation | null {
  if (status === 403 && /^(Quota exceeded|Maximum number of)/.test(message)) return NO_QUOTA;
  return status === 400 && NO_VALID_HOST.test(message) ? NO_CAPACITY : null;
}

function translated([code, message, options]: Translation, cause: unknown): AppError {
  return new AppError(code, message, { ...options, cause });
}

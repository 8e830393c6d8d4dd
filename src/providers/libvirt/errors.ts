import { AppError, toAppError } from '../../kernel';
import type { AppErrorOptions, ErrorCode } from '../../kernel';
import { LIBVIRT_ERROR, LibvirtConnectionError, LibvirtError, LibvirtTimeoutError } from './client';

type Translation = readonly [code: ErrorCode, message: string];

/**
 * By libvirt's error number. The daemon's own text stays in the cause: it names paths, hosts and other
 * tenants' objects.
 */
const BY_NUMBER: Readonly<Record<number, Translation>> = {
  [LIBVIRT_ERROR.NO_MEMORY]: ['RESOURCE_EXHAUSTED', 'The hypervisor has no memory left.'],
  [LIBVIRT_ERROR.NO_SUPPORT]: ['UNSUPPORTED', 'The hypervisor does not support this.'],
  [LIBVIRT_ERROR.NO_CONNECT]: ['UNAVAILABLE', 'The hypervisor cannot be reached.'],
  [LIBVIRT_ERROR.INVALID_ARG]: ['INVALID_ARGUMENT', 'The hypervisor refused a value.'],
  [LIBVIRT_ERROR.XML_ERROR]: ['INVALID_ARGUMENT', 'The hypervisor refused a value.'],
  [LIBVIRT_ERROR.XML_DETAIL]: ['INVALID_ARGUMENT', 'The hypervisor refused a value.'],
  [LIBVIRT_ERROR.OVERFLOW]: ['INVALID_ARGUMENT', 'The hypervisor refused a value that is too large.'],
  [LIBVIRT_ERROR.CONFIG_UNSUPPORTED]: [
    'INVALID_ARGUMENT',
    'The hypervisor cannot realize this configuration.',
  ],
  [LIBVIRT_ERROR.DOM_EXIST]: ['ALREADY_EXISTS', 'The hypervisor has such a VM already.'],
  [LIBVIRT_ERROR.NETWORK_EXIST]: ['ALREADY_EXISTS', 'The hypervisor has such a network already.'],
  [LIBVIRT_ERROR.STORAGE_VOL_EXIST]: ['ALREADY_EXISTS', 'The hypervisor has such a volume already.'],
  [LIBVIRT_ERROR.OPERATION_DENIED]: [
    'PERMISSION_DENIED',
    'The hypervisor does not permit this to the gateway.',
  ],
  [LIBVIRT_ERROR.ACCESS_DENIED]: ['PERMISSION_DENIED', 'The hypervisor does not permit this to the gateway.'],
  [LIBVIRT_ERROR.AUTH_FAILED]: ['UNAUTHENTICATED', "The hypervisor refused the gateway's credentials."],
  [LIBVIRT_ERROR.RPC]: ['UNAVAILABLE', 'The connection to the hypervisor failed.'],
  [LIBVIRT_ERROR.NO_DOMAIN]: ['NOT_FOUND', 'The hypervisor has no such VM.'],
  [LIBVIRT_ERROR.NO_NETWORK]: ['NOT_FOUND', 'The hypervisor has no such network.'],
  [LIBVIRT_ERROR.NO_STORAGE_POOL]: ['NOT_FOUND', 'The hypervisor has no such storage pool.'],
  [LIBVIRT_ERROR.NO_STORAGE_VOL]: ['NOT_FOUND', 'The hypervisor has no such volume.'],
  [LIBVIRT_ERROR.NO_DOMAIN_METADATA]: ['NOT_FOUND', 'The hypervisor has no such VM.'],
  [LIBVIRT_ERROR.OPERATION_INVALID]: [
    'FAILED_PRECONDITION',
    'The state on the hypervisor does not allow this.',
  ],
  [LIBVIRT_ERROR.OPERATION_TIMEOUT]: ['DEADLINE_EXCEEDED', 'The hypervisor is busy with an earlier change.'],
  [LIBVIRT_ERROR.AGENT_UNRESPONSIVE]: ['DEADLINE_EXCEEDED', "The guest's agent did not answer."],
  [LIBVIRT_ERROR.RESOURCE_BUSY]: ['UNAVAILABLE', 'The hypervisor is busy with another change.'],
  [LIBVIRT_ERROR.OPERATION_ABORTED]: ['UNAVAILABLE', 'The hypervisor gave up an operation.'],
  [LIBVIRT_ERROR.ARGUMENT_UNSUPPORTED]: ['UNSUPPORTED', 'The hypervisor does not support this.'],
  [LIBVIRT_ERROR.OPERATION_UNSUPPORTED]: ['UNSUPPORTED', 'The hypervisor does not support this.'],
};

/**
 * Some failures share the numbers of "internal error", "operation failed" and "system error" and differ in
 * their text only, which ends in what QEMU, qemu-img, dnsmasq or the C library said.
 */
const BY_TEXT: readonly (readonly [RegExp, Translation])[] = [
  [
    /No space left on device|Disk quota exceeded/,
    ['RESOURCE_EXHAUSTED', 'The hypervisor has no storage left.'],
  ],
  [
    /Cannot allocate memory|cannot set up guest memory/i,
    ['RESOURCE_EXHAUSTED', 'The hypervisor has no memory left.'],
  ],
  [
    /Network is already in use|Address already in use/,
    ['ALREADY_EXISTS', 'The address range is in use on the hypervisor.'],
  ],
  [
    /KVM kernel module|failed to initialize kvm/i,
    ['FAILED_PRECONDITION', 'The hypervisor has no hardware acceleration.'],
  ],
];

const TEXT_DECIDES: ReadonlySet<number> = new Set([
  LIBVIRT_ERROR.INTERNAL_ERROR,
  LIBVIRT_ERROR.OPERATION_FAILED,
  LIBVIRT_ERROR.SYSTEM_ERROR,
]);

const UNKNOWN_FAILURE: Translation = ['INTERNAL', 'The hypervisor failed to do this.'];

/** Whatever was thrown while the backend was used, as the contract wants it. */
export function translateError(error: unknown, signal?: AbortSignal): AppError {
  if (error instanceof AppError) return error;
  if (signal?.aborted) return new AppError('CANCELLED', 'The call was given up.', { cause: error });
  if (error instanceof LibvirtTimeoutError) {
    return new AppError('DEADLINE_EXCEEDED', 'The hypervisor did not answer in time.', { cause: error });
  }
  if (error instanceof LibvirtConnectionError) {
    const { retriable: retryable } = error;
    return new AppError('UNAVAILABLE', 'The hypervisor cannot be reached.', { cause: error, retryable });
  }
  if (error instanceof LibvirtError) return translateNative(error);
  return toAppError(error);
}

function translateNative(error: LibvirtError): AppError {
  const byText = TEXT_DECIDES.has(error.code)
    ? BY_TEXT.find(([pattern]) => pattern.test(error.message))?.[1]
    : undefined;
  const [code, message] = byText ?? BY_NUMBER[error.code] ?? UNKNOWN_FAILURE;
  const options: AppErrorOptions = error.retriable ? { cause: error, retryable: true } : { cause: error };
  return new AppError(code, message, options);
}

/** True where the backend answered with this number. */
export function isNative(error: unknown, ...numbers: readonly number[]): boolean {
  return error instanceof LibvirtError && numbers.includes(error.code);
}

import { LIBVIRT_ERROR, RETRIABLE_ERROR_CODES } from './error-codes';

/** What the server said of a failed call, as it stood on the wire. */
export interface LibvirtErrorFields {
  /** libvirt's `virErrorNumber`, for example 42 for "no such domain"; see `LIBVIRT_ERROR`. */
  readonly code: number;
  /** libvirt's `virErrorDomain`: the part of the daemon that raised it, for example 10 for QEMU. */
  readonly domain: number;
  /** libvirt's `virErrorLevel`: 1 is a warning, 2 an error. */
  readonly level: number;
  readonly message: string;
}

/** The server answered the call, and the answer is an error. */
export class LibvirtError extends Error {
  readonly code: number;
  readonly domain: number;
  readonly level: number;
  /** True where the same call may succeed later without anybody changing anything. */
  readonly retriable: boolean;

  constructor(fields: LibvirtErrorFields) {
    super(fields.message);
    this.name = 'LibvirtError';
    this.code = fields.code;
    this.domain = fields.domain;
    this.level = fields.level;
    this.retriable = RETRIABLE_ERROR_CODES.has(fields.code);
  }
}

export interface LibvirtConnectionErrorOptions {
  readonly retriable?: boolean;
  readonly requestSent?: boolean;
  readonly cause?: unknown;
}

/** There is no usable connection: it could not be made, it broke, or the peer does not speak the protocol. */
export class LibvirtConnectionError extends Error {
  /** False where trying again cannot help: a bad URI, a refused certificate, an authentication we lack. */
  readonly retriable: boolean;
  /** True where the call had been written before the connection broke, so that it may have taken effect. */
  readonly requestSent: boolean;

  constructor(message: string, options: LibvirtConnectionErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.name = 'LibvirtConnectionError';
    this.retriable = options.retriable ?? true;
    this.requestSent = options.requestSent ?? false;
  }

  /** The same failure as one particular call met it. */
  forCall(requestSent: boolean): LibvirtConnectionError {
    return new LibvirtConnectionError(this.message, {
      retriable: this.retriable,
      requestSent,
      cause: this.cause ?? this,
    });
  }
}

/** No answer came in time. The call may still take effect on the server. */
export class LibvirtTimeoutError extends Error {
  readonly retriable = true;

  constructor(
    message: string,
    readonly timeoutMs: number,
    /** False where the call still stood in the queue, so that it certainly had no effect. */
    readonly requestSent: boolean,
  ) {
    super(message);
    this.name = 'LibvirtTimeoutError';
  }
}

/** True for the error of a call whose object does not exist: domain, network, pool, volume or metadata. */
export function isNoSuchObject(error: unknown): boolean {
  return error instanceof LibvirtError && NO_SUCH_OBJECT.has(error.code);
}

const NO_SUCH_OBJECT: ReadonlySet<number> = new Set([
  LIBVIRT_ERROR.NO_DOMAIN,
  LIBVIRT_ERROR.NO_NETWORK,
  LIBVIRT_ERROR.NO_STORAGE_POOL,
  LIBVIRT_ERROR.NO_STORAGE_VOL,
  LIBVIRT_ERROR.NO_DOMAIN_METADATA,
]);

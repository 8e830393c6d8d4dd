import type { Fault, LocalizedFault } from './schema/faults';

/** The server's answer to a call, or to a task, is a fault. Act upon `type`, never upon the message. */
export class VimFault extends Error {
  /** The fault's type on the wire: `InvalidPowerState`, `NotAuthenticated`, `ManagedObjectNotFound`. */
  readonly type: string;
  /** Its fields, as far as there are any: `obj`, `name`, `existingState` … */
  readonly fault: Fault;

  /** @param method the method, or the task's `descriptionId`, that failed */
  constructor(
    readonly method: string,
    localized: LocalizedFault,
  ) {
    super(localized.localizedMessage || localized.fault.$type);
    this.name = 'VimFault';
    this.type = localized.fault.$type;
    this.fault = localized.fault;
  }
}

export type TransportReason =
  /** No connection: refused, no route, no such name. */
  | 'UNREACHABLE'
  | 'TIMEOUT'
  /** The connection ended before the answer did. */
  | 'CUT_OFF'
  /** The answer is no SOAP, is none of the schema's, or exceeds our limits. */
  | 'BAD_ANSWER'
  | 'CERTIFICATE'
  /** A status other than 200 without a SOAP fault: 503 of a proxy, 404 of another server. */
  | 'HTTP_STATUS'
  /** The client is closed. */
  | 'CLOSED';

export interface TransportErrorOptions {
  readonly sent: boolean;
  readonly status?: number;
  /** The header Retry-After as it came. */
  readonly retryAfter?: string | undefined;
  readonly cause?: unknown;
}

/** There is no answer that could be understood. */
export class TransportError extends Error {
  /** True where the call may have taken effect. */
  readonly sent: boolean;
  /** The status, where the reason is HTTP_STATUS. */
  readonly status: number | null;
  /** When the server wants to be asked again, as its header Retry-After says it. */
  readonly retryAfter: string | null;

  constructor(
    readonly reason: TransportReason,
    message: string,
    options: TransportErrorOptions,
  ) {
    super(message, { cause: options.cause });
    this.name = 'TransportError';
    this.sent = options.sent;
    this.status = options.status ?? null;
    this.retryAfter = options.retryAfter ?? null;
  }
}

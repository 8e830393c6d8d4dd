export type ServiceType = 'identity' | 'compute' | 'network' | 'image';

export interface OpenStackErrorOptions {
  readonly service: ServiceType;
  /** What was asked for, without identifiers: `POST /servers`. */
  readonly request: string;
  readonly status: number;
  readonly type: string | null;
  readonly message: string;
  readonly retryAfterMs: number | null;
}

/** A service's answer is an error. Act upon the status and the type, not upon the message. */
export class OpenStackError extends Error {
  readonly service: ServiceType;
  readonly request: string;
  /** The HTTP status. */
  readonly status: number;
  /**
   * The service's own word for it: Nova's key of the body (`forbidden`, `conflictingRequest`, `itemNotFound`,
   * `computeFault`), Neutron's `NeutronError.type` (`OverQuota`, `NetworkInUse`), Keystone's `error.title`. Null where
   * the body tells none, as with Glance's plain text.
   */
  readonly type: string | null;
  /** How long the service asks to wait, in milliseconds; null where it does not say. */
  readonly retryAfterMs: number | null;

  constructor(options: OpenStackErrorOptions) {
    super(options.message);
    this.name = 'OpenStackError';
    this.service = options.service;
    this.request = options.request;
    this.status = options.status;
    this.type = options.type;
    this.retryAfterMs = options.retryAfterMs;
  }

  /**
   * There is no such object. A 404 without the service's own word comes from somebody in between, or from a wrong URL
   * (which Neutron calls HTTPNotFound), and says nothing of the object; only Glance has no words. Keystone is asked for
   * tokens alone: what it does not find is no object of ours.
   */
  get absent(): boolean {
    if (this.status !== 404 || this.service === 'identity') return false;
    return this.service === 'image' || (this.type !== null && this.type !== 'HTTPNotFound');
  }

  /** The service was asked too often and has not executed the request. Nova of old said 413. */
  get throttled(): boolean {
    if (this.status === 429) return true;
    if (this.status === 413) return this.type === 'overLimit';
    return this.status === 503 && this.retryAfterMs !== null;
  }
}

export type TransportReason =
  /** No connection: refused, no route, no such name. */
  | 'UNREACHABLE'
  | 'TIMEOUT'
  /** The connection ended before the answer did. */
  | 'CUT_OFF'
  /** The answer is no JSON, is not what the API promises, or exceeds our limits. */
  | 'BAD_ANSWER'
  | 'CERTIFICATE'
  /** The client is closed. */
  | 'CLOSED';

/** There is no answer that could be understood. Whatever was asked for may have been done. */
export class TransportError extends Error {
  constructor(
    readonly reason: TransportReason,
    message: string,
    cause?: unknown,
  ) {
    super(message, { cause });
    this.name = 'TransportError';
  }
}

/** The cloud lacks what this client needs: a service in the catalog, or Nova's microversion. Safe to show. */
export class UnsuitableCloudError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UnsuitableCloudError';
  }
}

import { Ec2Fault, Ec2LineError } from './ec2-fault';

/** What the SDK's exceptions have, whatever they are: it knows no types for EC2's errors. */
interface SdkError {
  readonly name?: unknown;
  readonly message?: unknown;
  /** Of Node, where the connection failed. */
  readonly code?: unknown;
  readonly $fault?: unknown;
  readonly $metadata?: {
    readonly httpStatusCode?: number;
    readonly requestId?: string;
    /** How often the request was sent; absent on what went wrong before it was. */
    readonly attempts?: number;
  };
  readonly $response?: { readonly statusCode?: number; readonly headers?: Readonly<Record<string, string>> };
}

/** The SDK's name for an answer that is no error of EC2: a page of a proxy, a redirection. */
const NOT_OF_EC2 = 'Unknown';

/** Turns what the SDK throws into errors that may be logged. An abortion stays what it is. */
export function fromSdk(thrown: unknown): unknown {
  if (!(thrown instanceof Error) || thrown.name === 'AbortError') return thrown;
  const error = thrown as SdkError & Error;
  const status = statusOf(error);
  if (status !== undefined && (isOfEc2(error) || status >= 500)) return toFault(error, status);
  if (status !== undefined)
    return new Ec2LineError('BAD_ANSWER', `${error.name} in an answer with ${status}`);
  // Trouble with a connection has a code; of a request that was given up the SDK keeps the name alone.
  if (error.name === 'TimeoutError' && error.code === undefined)
    return new Ec2LineError('TIMEOUT', error.message);
  // A mistake of ours, or of the SDK, comes before anything is sent, and must not pass for trouble with the line.
  if (error.code === undefined && error.$metadata?.attempts === undefined) return thrown;
  return new Ec2LineError('UNREACHABLE', error.message);
}

function isOfEc2({ $fault, name }: SdkError): boolean {
  return $fault !== undefined && name !== NOT_OF_EC2;
}

function statusOf({ $metadata, $response }: SdkError): number | undefined {
  return $metadata?.httpStatusCode ?? $response?.statusCode;
}

function toFault(error: SdkError & Error, status: number): Ec2Fault {
  const code = isOfEc2(error) ? error.name : 'ServiceUnavailable';
  const retryAfter = error.$response?.headers?.['retry-after'];
  // A refusal of the credentials may repeat what was signed, and with which token.
  const message = error.message.replace(/\b(signature=|x-amz-security-token:\s*)[^\s,]+/gi, '$1[redacted]');
  return new Ec2Fault(code, message, status, error.$metadata?.requestId, retryAfter);
}

/**
 * An error that EC2 answered. Keeps neither the request nor the response, which hold what no log may.
 *
 * Source: EC2 API reference, "Error codes".
 */
export class Ec2Fault extends Error {
  /**
   * @param code for example `InvalidInstanceID.NotFound`
   * @param status of HTTP
   * @param retryAfter the header of this name, as it came
   */
  constructor(
    readonly code: string,
    message: string,
    readonly status: number,
    readonly requestId: string | undefined,
    readonly retryAfter: string | undefined,
  ) {
    super(message);
    this.name = 'Ec2Fault';
  }
}

export function isFault(error: unknown, ...codes: readonly string[]): error is Ec2Fault {
  return error instanceof Ec2Fault && codes.includes(error.code);
}

/** Whether EC2 says that it has no such object. */
export function isNotFound(error: unknown): error is Ec2Fault {
  return error instanceof Ec2Fault && /^Invalid.+\.NotFound$/.test(error.code);
}

/** `TIMEOUT`: not answered in time. `UNREACHABLE`: neither. `BAD_ANSWER`: not what EC2 answers. */
export type LineTrouble = 'UNREACHABLE' | 'TIMEOUT' | 'BAD_ANSWER';

/** EC2 was not reached, or what came back cannot be understood. */
export class Ec2LineError extends Error {
  constructor(
    readonly reason: LineTrouble,
    message: string,
  ) {
    super(message);
    this.name = 'Ec2LineError';
  }
}

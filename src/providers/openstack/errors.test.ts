import { OpenStackError, TransportError, UnsuitableCloudError } from './client';
import { busyError, translateError, translateServerFault } from './errors';

const unaborted = new AbortController().signal;

function translated(
  service: OpenStackError['service'],
  status: number,
  type: string | null,
  message = '',
): string {
  const error = new OpenStackError({ service, request: 'GET /', status, type, message, retryAfterMs: null });
  const { code, retryable } = translateError(error, unaborted);
  return retryable ? `${code}, again` : code;
}

describe('an error of a service', () => {
  it('is told by its status and the type that the service gives it', () => {
    expect(translated('compute', 400, 'badRequest')).toBe('INVALID_ARGUMENT');
    expect(translated('compute', 404, 'itemNotFound')).toBe('NOT_FOUND');
    expect(translated('compute', 409, 'conflictingRequest')).toBe('FAILED_PRECONDITION');
    expect(translated('network', 403, 'PolicyNotAuthorized')).toBe('PERMISSION_DENIED');
    expect(translated('network', 409, 'OverQuota')).toBe('RESOURCE_EXHAUSTED');
    expect(translated('network', 409, 'IpAddressGenerationFailure')).toBe('RESOURCE_EXHAUSTED');
    expect(translated('network', 409, 'NetworkInUse')).toBe('FAILED_PRECONDITION');
    expect(translated('image', 404, null)).toBe('NOT_FOUND');
  });

  it('is told by its text where Nova says of two things the same', () => {
    const quota = 'Quota exceeded for cores: Requested 1, but already used 1 of 1 cores';
    expect(translated('compute', 403, 'forbidden', quota)).toBe('RESOURCE_EXHAUSTED');
    expect(translated('compute', 403, 'forbidden', "Policy doesn't allow this.")).toBe('PERMISSION_DENIED');
    const noHost = 'No valid host was found. No valid host found for resize';
    expect(translated('compute', 400, 'badRequest', noHost)).toBe('RESOURCE_EXHAUSTED');
  });

  it('is worth another try where the cloud failed, or was not asked at all', () => {
    expect(translated('compute', 500, 'computeFault')).toBe('INTERNAL, again');
    expect(translated('compute', 502, null)).toBe('UNAVAILABLE, again');
    expect(translated('compute', 504, null)).toBe('DEADLINE_EXCEEDED, again');
    expect(busyError()).toMatchObject({
      code: 'UNAVAILABLE',
      retryable: true,
      details: { reason: 'OBJECT_BUSY' },
    });
  });

  it('does not take a missing service for a missing object', () => {
    expect(translated('compute', 404, null)).toBe('UNAVAILABLE, again');
    expect(translated('identity', 404, 'Not Found')).toBe('FAILED_PRECONDITION');
    expect(translated('identity', 302, null)).toBe('UNAVAILABLE, again');
    expect(translated('network', 404, 'HTTPNotFound')).toBe('UNSUPPORTED');
    expect(translated('network', 404, 'ExternalGatewayForFloatingIPNotFound')).toBe('FAILED_PRECONDITION');
  });

  it('tells nobody what the service wrote', () => {
    const error = new OpenStackError({
      service: 'network',
      request: 'DELETE /networks/{id}',
      status: 409,
      type: 'NetworkInUse',
      message: 'Unable to complete operation on network 1234.',
      retryAfterMs: null,
    });
    expect(translateError(error, unaborted).message).not.toContain('1234');
  });
});

it('says why there is no answer', () => {
  expect(translateError(new TransportError('TIMEOUT', ''), unaborted).code).toBe('DEADLINE_EXCEEDED');
  expect(translateError(new TransportError('CUT_OFF', ''), unaborted).code).toBe('UNAVAILABLE');
  expect(translateError(new UnsuitableCloudError('too old'), unaborted)).toMatchObject({
    code: 'FAILED_PRECONDITION',
    message: 'too old',
  });
  expect(translateError(new Error('gone'), AbortSignal.abort()).code).toBe('CANCELLED');
});

describe('the fault of a server', () => {
  const code = (code: number, message: string): string => translateServerFault({ code, message }).code;

  it('is a lack of quota or of capacity where it says so', () => {
    expect(code(413, 'Quota exceeded for instances: Requested 1, but already used 1 of 1 instances')).toBe(
      'RESOURCE_EXHAUSTED',
    );
    expect(code(500, 'No valid host was found. There are not enough hosts available.')).toBe(
      'RESOURCE_EXHAUSTED',
    );
  });

  it('is final else', () => {
    const message =
      'Exceeded maximum number of retries. Exhausted all hosts available for retrying build failures.';
    expect(translateServerFault({ code: 500, message })).toMatchObject({
      code: 'INTERNAL',
      retryable: false,
    });
    expect(translateServerFault(null)).toMatchObject({ code: 'INTERNAL', retryable: false });
  });
});

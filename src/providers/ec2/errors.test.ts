import { Ec2Fault, Ec2LineError } from './client';
import { asksForFewer, stateReasonError, translateError } from './errors';

const live = new AbortController().signal;
const fault = (code: string, status = 400, retryAfter?: string) =>
  new Ec2Fault(code, 'i-0abc of another account', status, 'req-1', retryAfter);

describe("EC2's errors", () => {
  it.each([
    ['InstanceLimitExceeded', 'RESOURCE_EXHAUSTED'],
    ['VcpuLimitExceeded', 'RESOURCE_EXHAUSTED'],
    ['VpcLimitExceeded', 'RESOURCE_EXHAUSTED'],
    ['InsufficientInstanceCapacity', 'RESOURCE_EXHAUSTED'],
    ['AuthFailure', 'UNAUTHENTICATED'],
    ['SignatureDoesNotMatch', 'UNAUTHENTICATED'],
    ['InvalidClientTokenId', 'UNAUTHENTICATED'],
    ['UnauthorizedOperation', 'PERMISSION_DENIED'],
    ['InvalidInstanceID.NotFound', 'NOT_FOUND'],
    ['InvalidInstanceID.Malformed', 'INVALID_ARGUMENT'],
    ['InvalidParameterValue', 'INVALID_ARGUMENT'],
    ['IncorrectInstanceState', 'FAILED_PRECONDITION'],
    ['DependencyViolation', 'FAILED_PRECONDITION'],
    ['VolumeModificationRateExceeded', 'FAILED_PRECONDITION'],
    ['constructor', 'INTERNAL'],
  ])('%s is %s', (code, expected) => {
    expect(translateError(fault(code), live).code).toBe(expected);
  });

  it('shows nothing of what EC2 says', () => {
    expect(translateError(fault('InvalidParameterValue'), live).message).not.toContain('i-0abc');
  });

  it('knows trouble with the line, and who gave up', () => {
    expect(translateError(new Ec2LineError('UNREACHABLE', 'x'), live)).toMatchObject({ code: 'UNAVAILABLE' });
    expect(translateError(new Ec2LineError('TIMEOUT', 'x'), live)).toMatchObject({
      code: 'DEADLINE_EXCEEDED',
    });
    expect(translateError(fault('Whatever', 503), live)).toMatchObject({
      code: 'UNAVAILABLE',
      retryable: true,
    });
    expect(translateError(new Error('x'), AbortSignal.abort())).toMatchObject({ code: 'CANCELLED' });
  });

  it('tells being asked for less from other trouble', () => {
    expect(asksForFewer(fault('RequestLimitExceeded', 503))).toBe(true);
    expect(asksForFewer(fault('ServiceUnavailable', 503, '2'))).toBe(true);
    expect(asksForFewer(fault('ServiceUnavailable', 503))).toBe(false);
    expect(asksForFewer(fault('InstanceLimitExceeded'))).toBe(false);
    expect(asksForFewer(new Error('RequestLimitExceeded'))).toBe(false);
  });

  it('reads why an instance went away', () => {
    const reason = (code: string) => stateReasonError(code, null);
    expect(reason('Server.InsufficientInstanceCapacity').code).toBe('RESOURCE_EXHAUSTED');
    expect(reason('Client.VolumeLimitExceeded').code).toBe('RESOURCE_EXHAUSTED');
    expect(reason('Client.UserInitiatedShutdown').code).toBe('FAILED_PRECONDITION');
    expect(reason('Server.InternalError')).toMatchObject({ code: 'INTERNAL', retryable: true });
  });
});

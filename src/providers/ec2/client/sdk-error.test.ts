import { Ec2Fault, Ec2LineError } from './ec2-fault';
import { fromSdk } from './sdk-error';

const thrown = (facts: object, message = 'secret in the message') => Object.assign(new Error(message), facts);

describe("the SDK's errors", () => {
  it('keeps what EC2 said, and nothing of request and response', () => {
    const fault = fromSdk(
      thrown({
        name: 'RequestLimitExceeded',
        $fault: 'client',
        $metadata: { httpStatusCode: 503, requestId: 'r-1' },
        $response: { statusCode: 503, headers: { 'retry-after': '2', cookie: 'hunter2' } },
      }),
    );
    expect(fault).toBeInstanceOf(Ec2Fault);
    expect(fault).toMatchObject({
      code: 'RequestLimitExceeded',
      status: 503,
      requestId: 'r-1',
      retryAfter: '2',
    });
    expect(JSON.stringify(fault)).not.toContain('hunter2');
  });

  it('tells a line that fails from one that is slow and one that talks nonsense', () => {
    const reset = { name: 'TimeoutError', code: 'ECONNRESET' };
    expect(fromSdk(thrown(reset))).toMatchObject({ reason: 'UNREACHABLE' });
    expect(fromSdk(thrown({ $metadata: { attempts: 6 } }))).toMatchObject({ reason: 'UNREACHABLE' });
    expect(fromSdk(thrown({ name: 'TimeoutError' }))).toMatchObject({ reason: 'TIMEOUT' });
    const nonsense = { name: 'SyntaxError', $metadata: { httpStatusCode: 200 } };
    expect(fromSdk(thrown(nonsense))).toMatchObject({ reason: 'BAD_ANSWER' });
    expect(fromSdk(thrown(nonsense))).toBeInstanceOf(Ec2LineError);
    expect(fromSdk(thrown({ $metadata: { httpStatusCode: 503 } }))).toMatchObject({
      code: 'ServiceUnavailable',
    });
  });

  it('leaves mistakes of ours and abortions what they are', () => {
    const mistake = new TypeError('x is not a function');
    expect(fromSdk(mistake)).toBe(mistake);
    const abortion = thrown({ name: 'AbortError' });
    expect(fromSdk(abortion)).toBe(abortion);
  });
});

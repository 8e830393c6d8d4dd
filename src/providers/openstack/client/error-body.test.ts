import { serviceError } from './error-body';

function read(status: number, body: unknown, headers: Record<string, string> = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return serviceError('compute', 'GET /servers', { status, headers: new Headers(headers), body: text });
}

describe('the body of an error', () => {
  it.each([
    ['Nova', { conflictingRequest: { code: 409, message: 'Busy.' } }, 'conflictingRequest', 'Busy.'],
    ['Neutron', { NeutronError: { type: 'OverQuota', message: 'Full.', detail: '' } }, 'OverQuota', 'Full.'],
    ['Neutron in a few words', { NeutronError: 'No.' }, null, 'No.'],
    ['Keystone', { error: { code: 401, title: 'Unauthorized', message: 'Who?' } }, 'Unauthorized', 'Who?'],
  ])('is that of %s', (_service, body, type, message) => {
    expect(read(409, body)).toMatchObject({ status: 409, type, message });
  });

  it.each(['', '<html>502</html>', 'null', '[]', '"text"', '{}', '{"error": 5}', '{"x": {"message": 7}}'])(
    'may be anything: %s',
    (body) => {
      expect(read(502, body)).toMatchObject({
        status: 502,
        message: 'GET /servers was answered with the status 502.',
      });
    },
  );

  it('is cut where it is long', () => {
    expect(read(400, { badRequest: { message: 'x'.repeat(9_000) } }).message).toHaveLength(500);
  });
});

describe('a request that was throttled', () => {
  const after = { 'retry-after': '3' };

  it('was not executed', () => {
    expect(read(429, {}, after)).toMatchObject({ throttled: true, retryAfterMs: 3_000 });
    expect(read(429, {}).throttled).toBe(true);
    expect(read(413, { overLimit: { code: 413, message: '' } }).throttled).toBe(true);
    expect(read(503, '', after).throttled).toBe(true);
  });

  it('is none for a service that is down, or a body that is too large', () => {
    expect(read(503, '').throttled).toBe(false);
    expect(read(413, '<html>Request Entity Too Large</html>').throttled).toBe(false);
    expect(read(500, '', after).throttled).toBe(false);
  });
});

import { canonicalRequest, sha256Hex, signatureOf, signingKey, stringToSign } from './signature-v4';
import type { SignableRequest } from './signature-v4';

/** The key, the day and the scope of the test suite that AWS publishes for Signature Version 4. */
const SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
const TIMESTAMP = '20150830T123600Z';
const SCOPE = { date: '20150830', region: 'us-east-1', service: 'service' };

function sign(request: Partial<SignableRequest>): string {
  const full = { method: 'GET', url: '/', body: '', ...request };
  const headers = { host: 'example.amazonaws.com', 'x-amz-date': TIMESTAMP, ...request.headers };
  const canonical = canonicalRequest({ ...full, headers }, Object.keys(headers).sort());
  return signatureOf(signingKey(SECRET, SCOPE), stringToSign(TIMESTAMP, SCOPE, canonical));
}

describe('Signature Version 4', () => {
  it.each<[string, Partial<SignableRequest>, string]>([
    ['get-vanilla', {}, '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
    ['post-vanilla', { method: 'POST' }, '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b'],
    [
      'get-vanilla-query-order-key-case',
      { url: '/?Param2=value2&Param1=value1' },
      'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
    ],
    [
      'post-x-www-form-urlencoded',
      {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: 'Param1=value1',
      },
      'ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a',
    ],
  ])('signs %s as published', (_name, request, signature) => {
    expect(sign(request)).toBe(signature);
  });

  it('derives the key of the published example', () => {
    const scope = { date: '20150830', region: 'us-east-1', service: 'iam' };
    expect(signingKey(SECRET, scope).toString('hex')).toBe(
      'c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9',
    );
  });

  it('brings what means the same into one form', () => {
    const canonical = (url: string, value = 'a b') =>
      canonicalRequest({ method: 'GET', url, headers: { x: value }, body: '' }, ['x']);
    expect(canonical('/./a/../b//c/')).toBe(canonical('/b/c/'));
    expect(canonical('/?b=%7e&a=1')).toBe(canonical('/?a=1&b=~'));
    expect(canonical('/', '  a   b ')).toBe(canonical('/'));
    expect(canonical('/?a=%zz')).toContain('\na=%25zz\n');
    expect(canonical('/?a=1').endsWith(sha256Hex(''))).toBe(true);
  });
});

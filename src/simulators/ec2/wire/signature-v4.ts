import { createHash, createHmac } from 'node:crypto';

/** The parts of an HTTP request that Signature Version 4 covers. */
export interface SignableRequest {
  readonly method: string;
  /** As sent: path and query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

/** Where and when a signature holds: `20150830/us-east-1/ec2/aws4_request`. */
export interface CredentialScope {
  /** YYYYMMDD. */
  readonly date: string;
  readonly region: string;
  readonly service: string;
}

export const ALGORITHM = 'AWS4-HMAC-SHA256';

export function sha256Hex(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/**
 * The request in the one form that both sides hash.
 * @param signedHeaders lower case, in the order in which they were signed
 */
export function canonicalRequest(request: SignableRequest, signedHeaders: readonly string[]): string {
  const [path = '', ...query] = request.url.split('?');
  const headers = signedHeaders.map((name) => `${name}:${headerValue(request.headers, name)}\n`);
  return [
    request.method,
    canonicalPath(path),
    canonicalQuery(query.join('?')),
    headers.join(''),
    signedHeaders.join(';'),
    sha256Hex(request.body),
  ].join('\n');
}

/** @param timestamp YYYYMMDDTHHMMSSZ */
export function stringToSign(timestamp: string, scope: CredentialScope, canonical: string): string {
  const where = `${scope.date}/${scope.region}/${scope.service}/aws4_request`;
  return [ALGORITHM, timestamp, where, sha256Hex(canonical)].join('\n');
}

/** A key for one day, region and service, so that the secret itself signs nothing. */
export function signingKey(secret: string, { date, region, service }: CredentialScope): Buffer {
  return [date, region, service, 'aws4_request'].reduce<Buffer>(hmac, Buffer.from(`AWS4${secret}`));
}

/** In hexadecimal. */
export function signatureOf(key: Buffer, text: string): string {
  return hmac(key, text).toString('hex');
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text, 'utf8').digest();
}

/** Node has joined a header that came more than once. A name may be that of a member of every object. */
function headerValue(headers: SignableRequest['headers'], name: string): string {
  const value = Object.hasOwn(headers, name) ? headers[name] : undefined;
  const text = typeof value === 'object' ? value.join(',') : (value ?? '');
  return text.trim().replace(/ +/g, ' ');
}

/** Every service but S3 signs a path without dot segments, its segments encoded once more. */
function canonicalPath(path: string): string {
  const kept: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') kept.pop();
    else if (segment !== '' && segment !== '.') kept.push(encode(segment));
  }
  const isFolder = kept.length > 0 && /(\/|\/\.\.?)$/.test(path);
  return `/${kept.join('/')}${isFolder ? '/' : ''}`;
}

function canonicalQuery(query: string): string {
  if (query === '') return '';
  const pairs = query.split('&').map((pair) => {
    const [name = '', ...value] = pair.split('=');
    return [encode(decode(name)), encode(decode(value.join('=')))] as const;
  });
  const order = ([nameA, a]: readonly [string, string], [nameB, b]: readonly [string, string]): number =>
    compare(nameA, nameB) || compare(a, b);
  return pairs
    .sort(order)
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

/** By code points: the order must not depend on a language. */
function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

/** RFC 3986: all but the unreserved characters. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** What is no escape stands for itself. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

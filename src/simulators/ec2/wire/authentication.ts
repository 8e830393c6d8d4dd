import { timingSafeEqual } from 'node:crypto';
import { ApiError } from './api-error';
import {
  ALGORITHM,
  canonicalRequest,
  sha256Hex,
  signatureOf,
  signingKey,
  stringToSign,
} from './signature-v4';
import type { SignableRequest } from './signature-v4';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Whose requests are taken, and for where. */
export interface Account extends Credentials {
  readonly region: string;
}

interface Authorization {
  readonly accessKeyId: string;
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly terminator: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

const SERVICE = 'ec2';
/** How far the client's clock may be from the server's. */
const MAX_SKEW_MS = 5 * 60_000;

/**
 * Checks that the request was signed with the account's key, for this service and region, now, and that nothing of it was
 * changed on the way.
 * @param now in milliseconds since 1970
 * @throws ApiError as EC2 refuses strangers
 */
export function authenticate(request: SignableRequest, account: Account, now: number): void {
  const given = readAuthorization(request);
  checkKeyId(request, given, account);
  const timestamp = readTimestamp(request, given, now);
  checkScope(given, account);
  checkHeaders(request, given);
  const key = signingKey(account.secretAccessKey, given);
  const text = stringToSign(timestamp, given, canonicalRequest(request, given.signedHeaders));
  const expected = Buffer.from(signatureOf(key, text));
  const actual = Buffer.from(given.signature);
  // Compared in constant time, so that nobody feels the way to a signature byte by byte.
  if (actual.length !== expected.length || !timingSafeEqual(actual, expected)) {
    throw mismatch(
      'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.',
    );
  }
}

/** The key id that a request claims; null when it claims none. */
export function claimedKeyId(authorization: string | undefined): string | null {
  return /\bCredential=([^/,\s]+)\//.exec(authorization ?? '')?.[1] ?? null;
}

function readAuthorization({ headers }: SignableRequest): Authorization {
  const header = headers['authorization'];
  if (typeof header !== 'string' || header === '') {
    throw new ApiError('MissingAuthenticationToken', 'Request is missing Authentication Token', 403);
  }
  if (!header.startsWith(`${ALGORITHM} `)) throw incomplete(`The algorithm has to be ${ALGORITHM}.`);
  const parts = readParts(header.slice(ALGORITHM.length));
  const signedHeaders = (parts.get('SignedHeaders') ?? '').split(';').filter((name) => name !== '');
  const signature = parts.get('Signature') ?? '';
  if (signedHeaders.length === 0)
    throw incomplete("Authorization header requires 'SignedHeaders' parameter.");
  if (signature === '') throw incomplete("Authorization header requires 'Signature' parameter.");
  return { ...readCredential(parts.get('Credential') ?? ''), signedHeaders, signature };
}

function readParts(text: string): ReadonlyMap<string, string> {
  const pairs = text.split(',').map((part) => {
    const [name = '', ...value] = part.trim().split('=');
    return [name, value.join('=')] as const;
  });
  return new Map(pairs);
}

/** `AKIA…/20150830/eu-central-1/ec2/aws4_request` */
function readCredential(credential: string): Omit<Authorization, 'signedHeaders' | 'signature'> {
  const [, accessKeyId, date, region, service, terminator] =
    /^([^/]+)\/([^/]*)\/([^/]*)\/([^/]*)\/([^/]*)$/.exec(credential) ?? [];
  if (!accessKeyId || date === undefined || region === undefined) {
    throw incomplete('Authorization header requires a Credential of five parts.');
  }
  return { accessKeyId, date, region, service: service ?? '', terminator: terminator ?? '' };
}

function checkKeyId({ headers }: SignableRequest, { accessKeyId }: Authorization, account: Account): void {
  // Temporary credentials are given out by another service, which is not here.
  const isTemporary = headers['x-amz-security-token'] !== undefined;
  const isKnown = accessKeyId === account.accessKeyId;
  if (isTemporary || (!isKnown && !/^\w{16,128}$/.test(accessKeyId))) {
    throw new ApiError('InvalidClientTokenId', 'The security token included in the request is invalid.', 403);
  }
  if (!isKnown) {
    throw new ApiError('AuthFailure', 'AWS was not able to validate the provided access credentials', 401);
  }
}

/** The time of signing as it was signed: YYYYMMDDTHHMMSSZ. */
function readTimestamp({ headers }: SignableRequest, { date }: Authorization, now: number): string {
  const text = headers['x-amz-date'] ?? fromHttpDate(headers['date']);
  const [, year, month, day, hours, minutes, seconds] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(String(text ?? '')) ?? [];
  if (typeof text !== 'string' || year === undefined) {
    throw incomplete("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.");
  }
  const signedAt = Date.parse(`${year}-${month}-${day}T${hours}:${minutes}:${seconds}Z`);
  if (Number.isNaN(signedAt)) throw incomplete(`The date ${text} is no date.`);
  if (Math.abs(now - signedAt) > MAX_SKEW_MS) {
    throw new ApiError('RequestExpired', 'Request has expired.');
  }
  if (!text.startsWith(date) || date.length !== 8) {
    throw mismatch(
      'Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP.',
    );
  }
  return text;
}

function fromHttpDate(value: string | readonly string[] | undefined): string | undefined {
  if (typeof value !== 'string') return undefined;
  if (/^\d{8}T\d{6}Z$/.test(value)) return value;
  const time = Date.parse(value);
  return Number.isNaN(time) ? undefined : new Date(time).toISOString().replace(/[-:]|\.\d{3}/g, '');
}

function checkScope({ region, service, terminator }: Authorization, account: Account): void {
  if (region !== account.region) {
    throw mismatch(`Credential should be scoped to a valid region, not '${region}'.`);
  }
  if (service !== SERVICE) throw mismatch(`Credential should be scoped to correct service: '${SERVICE}'.`);
  if (terminator !== 'aws4_request') {
    throw mismatch("Credential should be scoped with a valid terminator: 'aws4_request'.");
  }
}

function checkHeaders({ headers, body }: SignableRequest, { signedHeaders }: Authorization): void {
  const mustBeSigned = (name: string): boolean => name === 'host' || name.startsWith('x-amz-');
  for (const name of Object.keys(headers).filter(mustBeSigned)) {
    if (!signedHeaders.includes(name)) throw mismatch(`The header ${name} must be among the signed headers.`);
  }
  const claimed = headers['x-amz-content-sha256'];
  if (claimed !== undefined && claimed !== sha256Hex(body)) {
    throw mismatch('The value of x-amz-content-sha256 is not the hash of the payload.');
  }
}

function incomplete(message: string): ApiError {
  return new ApiError('IncompleteSignature', message);
}

function mismatch(message: string): ApiError {
  return new ApiError('SignatureDoesNotMatch', message, 403);
}

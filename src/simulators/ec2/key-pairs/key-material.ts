import { createHash, createPublicKey, generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { ApiError } from '../wire/api-error';
import type { KeyPair } from '../model/records';

export type KeyFacts = Pick<KeyPair, 'keyType' | 'fingerprint' | 'publicKey'>;

/**
 * Reads one line of OpenSSH: RSA with 1024, 2048, 3072 or 4096 bits, or ED25519.
 * @throws ApiError InvalidKey.Format
 */
export function readPublicKey(material: string): KeyFacts {
  const text = Buffer.from(material, 'base64').toString('utf8').trim();
  const [format = '', base64 = ''] = text.split(/\s+/);
  const fields = sshFields(Buffer.from(base64, 'base64'));
  if (fields[0]?.toString() !== format) throw badKey();
  const key = format === 'ssh-rsa' ? rsaKey(fields) : null;
  if (key) {
    const der = key.export({ type: 'spki', format: 'der' });
    return { keyType: 'rsa', fingerprint: hexPairs(createHash('md5').update(der).digest()), publicKey: text };
  }
  if (format !== 'ssh-ed25519' || fields.length !== 2 || fields[1]?.length !== 32) throw badKey();
  const fingerprint = createHash('sha256').update(Buffer.from(base64, 'base64')).digest('base64');
  return { keyType: 'ed25519', fingerprint, publicKey: text };
}

/** A new pair; nobody but the client keeps the private half. PEM. */
export function generateKey(keyType: 'rsa' | 'ed25519'): KeyFacts & { readonly privateKey: string } {
  const pair =
    keyType === 'rsa' ? generateKeyPairSync('rsa', { modulusLength: 2_048 }) : generateKeyPairSync(keyType);
  const publicKey = openSshLine(pair.publicKey, keyType);
  const fingerprint =
    keyType === 'rsa'
      ? hexPairs(
          createHash('sha1')
            .update(pair.privateKey.export({ type: 'pkcs8', format: 'der' }))
            .digest(),
        )
      : createHash('sha256')
          .update(Buffer.from(publicKey.split(' ')[1] ?? '', 'base64'))
          .digest('base64');
  const privateKey = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return { keyType, fingerprint, publicKey, privateKey };
}

/** Each field has its length before it; empty when something is wrong. */
function sshFields(blob: Buffer): readonly Buffer[] {
  const fields: Buffer[] = [];
  let at = 0;
  while (at + 4 <= blob.length) {
    const end = at + 4 + blob.readUInt32BE(at);
    if (end > blob.length) return [];
    fields.push(blob.subarray(at + 4, end));
    at = end;
  }
  return at === blob.length ? fields : [];
}

/** @throws ApiError when it is none, or of another size than EC2 takes */
function rsaKey(fields: readonly Buffer[]): KeyObject {
  const [, exponent, modulus] = fields;
  if (!exponent || !modulus || fields.length !== 3) throw badKey();
  const jwk = { kty: 'RSA', e: unsigned(exponent), n: unsigned(modulus) };
  const bits = Buffer.from(jwk.n, 'base64url').length * 8;
  if (![1_024, 2_048, 3_072, 4_096].includes(bits)) throw badKey();
  try {
    return createPublicKey({ key: jwk, format: 'jwk' });
  } catch {
    throw badKey();
  }
}

/** SSH writes a leading zero so that a number is not taken for a negative one. */
function unsigned(number: Buffer): string {
  return (number[0] === 0 ? number.subarray(1) : number).toString('base64url');
}

function openSshLine(key: KeyObject, keyType: 'rsa' | 'ed25519'): string {
  const jwk = key.export({ format: 'jwk' });
  const name = `ssh-${keyType}`;
  const numbers =
    keyType === 'rsa' ? [signed(jwk.e), signed(jwk.n)] : [Buffer.from(jwk.x ?? '', 'base64url')];
  const fields = [Buffer.from(name), ...numbers].flatMap((field) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(field.length);
    return [length, field];
  });
  return `${name} ${Buffer.concat(fields).toString('base64')}`;
}

function signed(base64url = ''): Buffer {
  const number = Buffer.from(base64url, 'base64url');
  return (number[0] ?? 0) > 127 ? Buffer.concat([Buffer.alloc(1), number]) : number;
}

function hexPairs(bytes: Buffer): string {
  return bytes.toString('hex').match(/../g)?.join(':') ?? '';
}

function badKey(): ApiError {
  return new ApiError('InvalidKey.Format', 'Key is not in valid OpenSSH public key format');
}

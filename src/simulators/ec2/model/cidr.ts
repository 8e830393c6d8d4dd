import { invalidValue } from '../wire/api-error';

/** A block of IPv4 addresses. */
export interface Cidr {
  /** The first address as a number. */
  readonly first: number;
  readonly prefixLength: number;
  /** How many addresses. */
  readonly size: number;
}

/** Null when it is none; bits beyond the prefix are allowed and cut off, as EC2 does. */
export function parseCidr(text: string): Cidr | null {
  const [, address = '', length = ''] = /^((?:\d{1,3}\.){3}\d{1,3})\/(\d{1,2})$/.exec(text) ?? [];
  const octets = address.split('.').map(Number);
  const prefixLength = Number(length);
  if (length === '' || prefixLength > 32 || octets.some((octet) => octet > 255)) return null;
  const number = octets.reduce((sum, octet) => sum * 256 + octet, 0);
  const size = 2 ** (32 - prefixLength);
  return { first: number - (number % size), prefixLength, size };
}

/** @throws ApiError when it is none */
export function readCidr(name: string, text: string): Cidr {
  const cidr = parseCidr(text);
  if (cidr === null) throw invalidValue(name, text, 'This is not a valid CIDR block');
  return cidr;
}

export function writeCidr({ first, prefixLength }: Cidr): string {
  return `${writeAddress(first)}/${prefixLength}`;
}

export function writeAddress(number: number): string {
  return [24, 16, 8, 0].map((bits) => (number >>> bits) & 255).join('.');
}

/** Null when it is none. */
export function parseAddress(text: string): number | null {
  return parseCidr(`${text}/32`)?.first ?? null;
}

export function contains(outer: Cidr, inner: Cidr): boolean {
  return inner.first >= outer.first && inner.first + inner.size <= outer.first + outer.size;
}

export function overlap(one: Cidr, other: Cidr): boolean {
  return one.first < other.first + other.size && other.first < one.first + one.size;
}

/** An IPv4 prefix as numbers: `base` is the network address as an unsigned 32-bit integer. */
export interface Ipv4Prefix {
  readonly base: number;
  /** 0 to 32. */
  readonly length: number;
}

/** Null for what is no dotted quad; leading zeros are refused because programs disagree about their base. */
export function parseIpv4(text: string): number | null {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (!match) return null;
  let value = 0;
  for (const part of match.slice(1)) {
    const octet = Number(part);
    if (octet > 255 || String(octet) !== part) return null;
    value = value * 256 + octet;
  }
  return value;
}

/** Null for what is no prefix, or one with host bits set. */
export function parseIpv4Prefix(text: string): Ipv4Prefix | null {
  const match = /^([\d.]+)\/(\d{1,2})$/.exec(text);
  if (!match?.[1] || !match[2]) return null;
  const base = parseIpv4(match[1]);
  const length = Number(match[2]);
  if (base === null || length > 32 || String(length) !== match[2]) return null;
  return base % prefixSize(length) === 0 ? { base, length } : null;
}

/** How many addresses a prefix of this length holds, network and broadcast address included. */
export function prefixSize(length: number): number {
  return 2 ** (32 - length);
}

export function formatIpv4(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
}

export function prefixesOverlap(one: Ipv4Prefix, other: Ipv4Prefix): boolean {
  const shorter = one.length <= other.length ? one : other;
  const longer = shorter === one ? other : one;
  return longer.base >= shorter.base && longer.base < shorter.base + prefixSize(shorter.length);
}

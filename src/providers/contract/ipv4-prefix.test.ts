import { formatIpv4, parseIpv4, parseIpv4Prefix, prefixesOverlap, prefixSize } from './ipv4-prefix';
import type { Ipv4Prefix } from './ipv4-prefix';

function prefix(text: string): Ipv4Prefix {
  const parsed = parseIpv4Prefix(text);
  if (!parsed) throw new Error(text);
  return parsed;
}

test('prefixes are read as numbers, and what is none is null', () => {
  expect(parseIpv4Prefix('10.20.0.0/24')).toEqual({ base: 0x0a140000, length: 24 });
  expect(parseIpv4Prefix('0.0.0.0/0')).toEqual({ base: 0, length: 0 });
  expect(parseIpv4Prefix('255.255.255.255/32')).toEqual({ base: 0xffffffff, length: 32 });
  const none = [
    '10.20.0.1/24',
    '10.20.0.0',
    '10.20.0.0/33',
    '10.20.0.0/024',
    '10.20.0/24',
    '256.0.0.0/8',
    '01.0.0.0/8',
  ];
  expect(none.map(parseIpv4Prefix)).toEqual(none.map(() => null));
});

test('addresses survive the way there and back, also above 2^31', () => {
  for (const text of ['0.0.0.0', '10.0.0.1', '192.168.255.254', '255.255.255.255']) {
    expect(formatIpv4(parseIpv4(text) ?? -1)).toBe(text);
  }
  expect(prefixSize(24)).toBe(256);
});

test('overlap is containment, whichever is the larger', () => {
  expect(prefixesOverlap(prefix('10.0.0.0/8'), prefix('10.200.0.0/16'))).toBe(true);
  expect(prefixesOverlap(prefix('10.200.0.0/16'), prefix('10.0.0.0/8'))).toBe(true);
  expect(prefixesOverlap(prefix('10.0.0.0/24'), prefix('10.0.1.0/24'))).toBe(false);
});

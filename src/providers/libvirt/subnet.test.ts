import fc from 'fast-check';
import { parseIpv4 } from '../contract';
import { prefixAround, prefixLengthOfMask, subnetOf } from './subnet';

describe('subnetOf', () => {
  it.each([
    ['10.20.0.0/24', '10.20.0.1', '10.20.0.2', '10.20.0.254'],
    ['10.20.0.128/30', '10.20.0.129', '10.20.0.130', '10.20.0.130'],
    ['192.168.0.0/16', '192.168.0.1', '192.168.0.2', '192.168.255.254'],
    ['255.255.255.0/24', '255.255.255.1', '255.255.255.2', '255.255.255.254'],
    // More addresses than libvirt hands out.
    ['10.0.0.0/8', '10.0.0.1', '10.0.0.2', '10.1.0.0'],
  ])('plans %s', (cidr, gateway, dhcpStart, dhcpEnd) => {
    expect(subnetOf(cidr)).toMatchObject({
      gateway,
      dhcpStart,
      dhcpEnd,
      prefix: { length: Number(cidr.split('/')[1]) },
    });
  });

  it.each([
    '',
    '10.0.0.0',
    '10.0.0.0/',
    '10.0.0.0/x',
    '10.0.0.0/33',
    '10.0.0.0/24/1',
    '10.0.0/24',
    '10.0.0.256/24',
    'fd00::/64',
    '10.0.0.0/-1',
    '10.0.0.1/24',
  ])('refuses %j as no prefix', (cidr) => {
    expect(() => subnetOf(cidr)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
  });

  it('refuses prefixes without room, and more than the private ones', () => {
    for (const cidr of ['10.0.0.0/31', '10.0.0.1/32', '0.0.0.0/0', '2.0.0.0/7'])
      expect(() => subnetOf(cidr)).toThrow(/from \/8 to \/30/);
  });

  it('keeps every address that it hands out inside, apart from gateway, network and broadcast', () => {
    fc.assert(
      fc.property(fc.integer({ min: 8, max: 30 }), fc.nat(2 ** 30 - 1), (length, seed) => {
        const size = 2 ** (32 - length);
        const first = (seed % 2 ** length) * size;
        const dotted = [24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256).join('.');
        const subnet = subnetOf(`${dotted}/${length}`);
        const [gateway, start, end] = [subnet.gateway, subnet.dhcpStart, subnet.dhcpEnd].map((text) =>
          parseIpv4(text),
        );
        expect(gateway).toBe(first + 1);
        expect(start).toBe(first + 2);
        expect(end).toBeGreaterThanOrEqual(first + 2);
        expect(end).toBeLessThan(first + size - 1);
        expect(Number(end) - Number(start) + 1).toBeLessThanOrEqual(65_535);
      }),
    );
  });
});

it.each([
  ['10.20.30.40', 24, '10.20.30.0'],
  ['10.20.30.40', 8, '10.0.0.0'],
  ['255.255.255.255', 31, '255.255.255.254'],
])('prefixAround(%s, %i) begins at %s', (address, length, base) => {
  expect(prefixAround(address, length)).toEqual({ base: parseIpv4(base), length });
});

it.each([
  ['255.255.255.0', 24],
  ['255.255.255.252', 30],
  ['255.0.0.0', 8],
  ['255.255.255.255', 32],
  ['0.0.0.0', 0],
])('prefixLengthOfMask(%s)', (mask, length) => {
  expect(prefixLengthOfMask(mask)).toBe(length);
});

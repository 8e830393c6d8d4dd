import { LibvirtError } from '../errors';
import { XdrReader } from '../wire/xdr-reader';
import { XdrWriter } from '../wire/xdr-writer';
import { decodeNodeInfo, decodeVersion } from './connect';
import { decodeInterfaces, decodeStats } from './domain';
import { decodeError } from './error';
import { decodeDomainLifecycle } from './events';
import { decodeLeases } from './network';
import { encodeDomain } from './objects';
import { decodePoolInfo, encodeTransfer } from './storage';
import type { TypedParam } from './typed-params';
import { decodeTypedParams, encodeTypedParam } from './typed-params';

const bytes = (annotated: string): Buffer =>
  Buffer.from(annotated.replace(/#.*$/gm, '').replace(/\s/g, ''), 'hex');
const reader = (annotated: string): XdrReader => new XdrReader(bytes(annotated));
const UUID = '6695eb01-f6a4-8304-79aa-97f2502e193f';
const DOMAIN = `
  00 00 00 04 74 65 73 74                            # name "test"
  66 95 eb 01 f6 a4 83 04 79 aa 97 f2 50 2e 19 3f    # uuid
  00 00 00 01                                        # id 1
`;

function encoded(encode: (writer: XdrWriter) => void): string {
  const writer = new XdrWriter();
  encode(writer);
  return writer.view().toString('hex');
}

describe('codecs', () => {
  it('write a domain', () => {
    expect(encoded((w) => encodeDomain(w, { name: 'test', uuid: UUID, id: 1 }))).toBe(
      bytes(DOMAIN).toString('hex'),
    );
  });

  it('write a transfer', () => {
    const expected = bytes(`
      00 00 00 01 70 00 00 00   # pool "p"
      00 00 00 01 76 00 00 00   # name "v"
      00 00 00 02 2f 76 00 00   # key "/v"
      00 00 00 01 00 00 00 00   # offset 4 GiB
      00 00 00 00 00 00 02 00   # length 512
      00 00 00 00               # flags
    `);
    const volume = { pool: 'p', name: 'v', key: '/v' };
    expect(encoded((w) => encodeTransfer(w, volume, 2 ** 32, 512))).toBe(expected.toString('hex'));
  });

  it('read an error', () => {
    const error = decodeError(
      reader(`
        00 00 00 2a                           # code 42, no such domain
        00 00 00 0a                           # domain 10, QEMU
        00 00 00 01 00 00 00 04 6e 6f 6e 65   # message "none"
        00 00 00 02                           # level 2, error
        00 00 00 00                           # no domain; strings, ints and network follow
      `),
    );
    expect(error).toBeInstanceOf(LibvirtError);
    expect(error).toMatchObject({ code: 42, domain: 10, message: 'none', level: 2 });
    expect(decodeError(reader('00000001 00000000 00000000 00000002')).message).toBe('libvirt error 1');
  });

  it('read a lifecycle event', () => {
    const event = decodeDomainLifecycle(reader(`00 00 00 07 ${DOMAIN} 00 00 00 05 00 00 00 01`));
    expect(event).toEqual({ domain: { name: 'test', uuid: UUID, id: 1 }, event: 5, detail: 1 });
  });

  it('read versions and node information', () => {
    expect(decodeVersion(reader('00000000 00895441'))).toEqual({ number: 9_000_001, text: '9.0.1' });
    const model =
      [...'x86_64'].map((letter) => `000000${letter.charCodeAt(0).toString(16)}`).join('') +
      '00000000'.repeat(26);
    const words = '0000000000010000 00000002 00000960 00000001 00000001 00000002 00000003';
    expect(decodeNodeInfo(reader(`${model} ${words}`))).toEqual({
      model: 'x86_64',
      memoryKib: 65_536,
      cpus: 2,
      mhz: 2_400,
      numaNodes: 1,
      socketsPerNode: 1,
      coresPerSocket: 2,
      threadsPerCore: 3,
    });
  });

  it('read pool sizes beyond 32 bits', () => {
    const info = decodePoolInfo(reader('00000002 0000100000000000 0000000000000001 00000fffffffffff'));
    expect(info).toEqual({
      state: 2,
      capacityBytes: 2 ** 44,
      allocationBytes: 1,
      availableBytes: 2 ** 44 - 1,
    });
  });

  it('read addresses and leases', () => {
    const interfaces = decodeInterfaces(
      reader(`
        00 00 00 01                                       # one interface
        00 00 00 05 76 6e 65 74 30 00 00 00               # name "vnet0"
        00 00 00 00                                       # no MAC
        00 00 00 01 00 00 00 01                           # one address, IPv6
        00 00 00 03 3a 3a 31 00 00 00 00 80               # "::1", prefix 128
      `),
    );
    expect(interfaces).toEqual([
      { name: 'vnet0', mac: null, addresses: [{ family: 'ipv6', address: '::1', prefix: 128 }] },
    ]);
    const leases = decodeLeases(
      reader(`
        00 00 00 01 00 00 00 03 62 72 30 00               # one lease, on "br0"
        00 00 00 00 6a 00 00 00 00 00 00 00               # until 0x6a000000, IPv4
        00 00 00 00 00 00 00 00                           # no MAC, no IAID
        00 00 00 07 31 30 2e 30 2e 30 2e 00               # the address
        00 00 00 18 00 00 00 00 00 00 00 00               # prefix 24, no hostname, no client id
      `),
    );
    expect(leases[0]).toMatchObject({
      interfaceName: 'br0',
      expiresAtSeconds: 0x6a000000,
      prefix: 24,
      hostname: null,
    });
  });

  it('read every type of a typed parameter, and refuse an unknown one', () => {
    const params: TypedParam[] = [
      { field: 'int', type: 1, value: -1 },
      { field: 'uint', type: 2, value: 0xffffffff },
      { field: 'llong', type: 3, value: -(2n ** 62n) },
      { field: 'ullong', type: 4, value: 2n ** 63n },
      { field: 'double', type: 5, value: 0.5 },
      { field: 'boolean', type: 6, value: true },
      { field: 'string', type: 7, value: 'text' },
    ];
    const writer = new XdrWriter();
    writer.list(params, encodeTypedParam);
    const decoded = decodeTypedParams(new XdrReader(Buffer.from(writer.view())));
    expect([...decoded]).toEqual(params.map(({ field, value }) => [field, value]));
    expect(() => decodeTypedParams(reader('00000001 00000001 78000000 00000008'))).toThrow('unknown type 8');
  });

  it('read statistics per domain', () => {
    const stats = decodeStats(reader(`00000001 ${DOMAIN} 00000001 00000001 73000000 00000001 00000005`));
    expect(stats).toEqual([{ domain: { name: 'test', uuid: UUID, id: 1 }, stats: new Map([['s', 5]]) }]);
  });
});

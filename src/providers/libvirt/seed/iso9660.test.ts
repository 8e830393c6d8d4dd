import fc from 'fast-check';
import { cloudInitImage } from './cloud-init';
import { iso9660Image } from './iso9660';

const SECTOR = 2048;

interface Found {
  readonly primary: ReadonlyMap<string, Buffer>;
  readonly rockRidge: ReadonlyMap<string, Buffer>;
  readonly joliet: ReadonlyMap<string, Buffer>;
}

/** A reader written from the standard, apart from the writer. */
function readIso(image: Buffer): Found {
  const primary = new Map<string, Buffer>();
  const rockRidge = new Map<string, Buffer>();
  const joliet = new Map<string, Buffer>();
  for (const descriptor of [16, 17]) {
    const root = descriptor * SECTOR + 156;
    const start = image.readUInt32LE(root + 2) * SECTOR;
    const end = start + image.readUInt32LE(root + 10);
    for (let at = start; at < end; at += image[at] ?? 0) {
      const length = image[at] ?? 0;
      if (length === 0) break;
      const idLength = image[at + 32] ?? 0;
      const id = image.subarray(at + 33, at + 33 + idLength);
      const sector = image.readUInt32LE(at + 2);
      expect(image.readUInt32BE(at + 6)).toBe(sector);
      const size = image.readUInt32LE(at + 10);
      if ((image[at + 25] ?? 0) & 2) continue;
      const content = image.subarray(sector * SECTOR, sector * SECTOR + size);
      if (descriptor === 17) {
        joliet.set(Buffer.from(id).swap16().toString('utf16le'), content);
        continue;
      }
      primary.set(id.toString('latin1'), content);
      let use = at + 33 + idLength + (idLength % 2 === 0 ? 1 : 0);
      while (use + 4 <= at + length) {
        const signature = image.toString('latin1', use, use + 2);
        const useLength = image[use + 2] ?? 0;
        if (useLength === 0) break;
        if (signature === 'NM') rockRidge.set(image.toString('latin1', use + 5, use + useLength), content);
        use += useLength;
      }
    }
  }
  return { primary, rockRidge, joliet };
}

describe('iso9660Image', () => {
  it('carries the label, whole sectors and its own length', () => {
    const image = iso9660Image('cidata', [{ name: 'user-data', content: Buffer.from('x') }]);
    expect(image.toString('latin1', 16 * SECTOR + 1, 16 * SECTOR + 6)).toBe('CD001');
    expect(image.toString('latin1', 16 * SECTOR + 40, 16 * SECTOR + 72).trimEnd()).toBe('cidata');
    expect(image.length % SECTOR).toBe(0);
    expect(image.readUInt32LE(16 * SECTOR + 80)).toBe(image.length / SECTOR);
    expect(image[18 * SECTOR]).toBe(255);
  });

  it('gives back every file by both of its long names, for any content', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 5000 }), { minLength: 1, maxLength: 5 }),
        (contents) => {
          const files = contents.map((content, index) => ({
            name: `file-name.${index}`,
            content: Buffer.from(content),
          }));
          const found = readIso(iso9660Image('x', files));
          const expected = new Map(files.map((file) => [file.name, file.content]));
          expect(found.rockRidge).toEqual(expected);
          expect(found.joliet).toEqual(expected);
          expect(found.primary.size).toBe(files.length);
          for (const name of found.primary.keys()) expect(name).toMatch(/^[A-Z0-9_]{1,8}\.;1$/);
        },
      ),
      { numRuns: 30 },
    );
  });

  it.each(['Upper', 'a/b', '', 'x'.repeat(65)])('refuses the file name %j', (name) => {
    expect(() => iso9660Image('x', [{ name, content: Buffer.alloc(0) }])).toThrow(TypeError);
  });
});

describe('cloudInitImage', () => {
  const seed = { instanceId: 'vm_1', hostname: 'web-1', sshKeys: [], userData: null, macAddresses: [] };

  it('hands on user data verbatim, whatever it is', () => {
    const userData = '#!/bin/sh\r\necho "a]]>b" ünï\n';
    const files = readIso(cloudInitImage({ ...seed, userData })).rockRidge;
    expect(files.get('user-data')?.toString('utf8')).toBe(userData);
  });

  it('puts SSH keys and host name into the metadata, so that they work beside any user data', () => {
    const sshKeys = ['ssh-ed25519 AAAA me@"here"', 'ssh-rsa BBBB'];
    const files = readIso(cloudInitImage({ ...seed, sshKeys })).joliet;
    expect(JSON.parse(files.get('meta-data')?.toString('utf8') ?? '')).toEqual({
      'instance-id': 'vm_1',
      'local-hostname': 'web-1',
      'public-keys': sshKeys,
    });
    expect(files.get('user-data')?.toString('utf8')).toBe('#cloud-config\n');
  });

  it('asks for DHCP on every card, and says nothing of networks where there is none', () => {
    const macAddresses = ['52:54:00:00:00:01', '52:54:00:00:00:02'];
    const files = readIso(cloudInitImage({ ...seed, macAddresses })).rockRidge;
    expect(JSON.parse(files.get('network-config')?.toString('utf8') ?? '')).toEqual({
      version: 2,
      ethernets: {
        eth0: { match: { macaddress: macAddresses[0] }, 'set-name': 'eth0', dhcp4: true },
        eth1: { match: { macaddress: macAddresses[1] }, 'set-name': 'eth1', dhcp4: true },
      },
    });
    expect(readIso(cloudInitImage(seed)).rockRidge.has('network-config')).toBe(false);
  });

  it('is the same at every repetition, so that a repeated upload changes nothing', () => {
    expect(cloudInitImage(seed).equals(cloudInitImage(seed))).toBe(true);
  });
});

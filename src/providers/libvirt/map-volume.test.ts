import { readHostFacts } from './map-host';
import { directoryPoolXml, readPoolDescription } from './map-pool';
import { cloneVolumeXml, rawVolumeXml, readVolumeDescription } from './map-volume';

describe('volumes', () => {
  it('a clone names its image with its format, so that it is never guessed', () => {
    const image = { path: '/images/a & b.img', format: 'raw' } as const;
    const xml = cloneVolumeXml('disk.qcow2', 3 * 2 ** 30, image).replace(
      '<target>',
      '<target><path>/pool/disk.qcow2</path>',
    );
    expect(xml).toContain('<format type="raw"/></backingStore>');
    expect(readVolumeDescription(xml)).toEqual({
      path: '/pool/disk.qcow2',
      format: 'qcow2',
      capacityBytes: 3_221_225_472,
      backingPath: '/images/a & b.img',
    });
  });

  it('are readable by nobody else', () => {
    expect(rawVolumeXml('seed', 10)).toContain('<mode>0600</mode>');
    expect(cloneVolumeXml('disk', 10, { path: '/x', format: 'raw' })).toContain('<mode>0600</mode>');
  });

  it('refuse a description without a capacity in bytes', () => {
    expect(() => readVolumeDescription('<volume><capacity unit="GiB">1</capacity></volume>')).toThrow(
      /not of a volume/,
    );
  });
});

describe('pools', () => {
  it('tell their directory, and only where they have one', () => {
    expect(readPoolDescription(directoryPoolXml('p', 'u', '/var/lib/x'))).toEqual({
      type: 'dir',
      directory: '/var/lib/x',
    });
    const logical = '<pool type="logical"><target><path>/dev/vg</path></target></pool>';
    expect(readPoolDescription(logical)).toEqual({ type: 'logical', directory: null });
  });
});

describe('readHostFacts', () => {
  const capabilities = (domains: string): string => `<capabilities><host><cpu><arch>x86_64</arch></cpu></host>
    <guest><os_type>hvm</os_type><arch name='i686'><domain type='qemu'/><domain type='kvm'/></arch></guest>
    <guest><os_type>hvm</os_type><arch name='x86_64'><machine canonical='pc-q35-7.2' maxCpus='288'>q35</machine>${domains}</arch></guest></capabilities>`;

  it('counts hardware acceleration only for the architecture of the host', () => {
    expect(readHostFacts(capabilities(`<domain type='qemu'/>`))).toMatchObject({
      arch: 'x86_64',
      kvm: false,
    });
    expect(readHostFacts(capabilities(`<domain type='qemu'/><domain type='kvm'/>`))).toMatchObject({
      kvm: true,
    });
  });

  it('knows how many processors a machine can have', () => {
    expect(readHostFacts(capabilities('')).machines).toEqual(new Map([['q35', 288]]));
  });
});

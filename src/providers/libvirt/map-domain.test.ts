import fc from 'fast-check';
import { domainXml } from './map-domain';
import type { DomainPlan } from './map-domain';
import { readDomainDescription } from './map-domain-description';
import { parseXml, child, childrenOf, descend } from './xml';

const marker = { installationId: 'i<1>', tenantId: 'ten_"1"', objectId: 'vm_1', operationId: 'tsk_&1' };

const plan: DomainPlan = {
  ownership: { marker, name: 'web' },
  labels: { tier: 'front' },
  uuid: '4d4e4dd1-8077-5517-a5fc-cb4c7dc310d8',
  name: 'hg-vm_1-4d4e4dd1',
  accelerator: 'tcg',
  arch: 'x86_64',
  machine: 'q35',
  cpuCount: 3,
  memoryMib: 1536,
  diskPath: '/pool/hg-vm_1-4d4e4dd1-disk.qcow2',
  image: { path: '/pool/base & co.qcow2', format: 'qcow2' },
  seedPath: '/pool/seed.iso',
  consolePath: '/pool/console.log',
  nics: [
    { macAddress: '52:54:00:00:00:01', networkName: 'hg-net_1-aabbccdd' },
    { macAddress: '52:54:00:00:00:02', networkName: 'hg-net_2-aabbccdd' },
  ],
};

/** libvirt answers in KiB. */
function asLibvirtAnswers(xml: string): string {
  return xml.replace(
    /<memory unit="MiB">(\d+)</,
    (_, mib: string) => `<memory unit="KiB">${Number(mib) * 1024}<`,
  );
}

describe('domainXml', () => {
  it('is read back as what was asked for', () => {
    expect(readDomainDescription(asLibvirtAnswers(domainXml(plan)))).toEqual({
      uuid: plan.uuid,
      name: plan.name,
      ownership: plan.ownership,
      cpuCount: 3,
      memoryMib: 1536,
      diskVolume: 'hg-vm_1-4d4e4dd1-disk.qcow2',
      nics: plan.nics,
    });
  });

  it('never lets a name, a label or a marker become markup', () => {
    // eslint-disable-next-line no-control-regex -- just those that XML cannot carry are left out
    const unwritable = new RegExp('[\\u0000-\\u0008\\u000B\\u000C\\u000E-\\u001F\\uFFFE\\uFFFF]');
    const text = fc.string({ unit: 'grapheme' }).filter((value) => !unwritable.test(value));
    fc.assert(
      fc.property(text, text, text, (name, label, tenantId) => {
        const ownership = { marker: { ...marker, tenantId }, name };
        const xml = domainXml({ ...plan, ownership, labels: { [label]: label } });
        expect(readDomainDescription(asLibvirtAnswers(xml)).ownership).toEqual(ownership);
        expect(childrenOf(parseXml(xml), 'devices')).toHaveLength(1);
        expect(descend(parseXml(xml), 'title')?.text).toBe(name);
      }),
      {
        examples: [
          [']]><devices/>', '" x="', '&lt;'],
          ['\u202Eevil', 'a\r\nb', '<!--'],
        ],
      },
    );
  });

  it('refuses a name with a NUL', () => {
    expect(() => domainXml({ ...plan, ownership: { marker, name: 'a\0b' } })).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    );
  });

  it('closes the chain of images, so that nothing behind the template is ever opened', () => {
    const [disk, seed] = childrenOf(child(parseXml(domainXml(plan)), 'devices'), 'disk');
    const backing = child(disk, 'backingStore');
    expect(descend(backing, 'source')?.attributes['file']).toBe(plan.image.path);
    expect(descend(backing, 'format')?.attributes['type']).toBe('qcow2');
    expect(child(backing, 'backingStore')).toMatchObject({ children: [], attributes: {} });
    expect(child(seed, 'backingStore')).toMatchObject({ children: [], attributes: {} });
    expect(child(seed, 'readonly')).toBeDefined();
  });

  it('uses hardware only where it is told to', () => {
    expect(parseXml(domainXml(plan)).attributes['type']).toBe('qemu');
    expect(parseXml(domainXml({ ...plan, accelerator: 'kvm' })).attributes['type']).toBe('kvm');
  });
});

describe('readDomainDescription', () => {
  const foreign = `<domain type='kvm' id='3'><name>x</name><uuid>${plan.uuid}</uuid><metadata>
      <hg:object xmlns:hg="urn:somebody:else" installation="a" tenant="b" id="c" operation="d"><hg:name>n</hg:name></hg:object>
    </metadata><memory unit='KiB'>1048576</memory><vcpu placement='static' current='2'>8</vcpu><devices>
      <disk type='block' device='disk'><source dev='/dev/sdb'/><target dev='vda' bus='virtio'/></disk>
      <interface type='bridge'><mac address='52:54:00:AA:BB:CC'/><source bridge='br0'/></interface>
    </devices></domain>`;

  it('knows what is not ours, whatever prefix it uses', () => {
    expect(readDomainDescription(foreign)).toEqual({
      uuid: plan.uuid,
      name: 'x',
      ownership: null,
      cpuCount: 2,
      memoryMib: 1024,
      diskVolume: null,
      nics: [{ macAddress: '52:54:00:aa:bb:cc', networkName: null }],
    });
    const renamed = foreign
      .replaceAll('hg:', 'q:')
      .replace('xmlns:hg', 'xmlns:q')
      .replace('urn:somebody:else', 'urn:hypergate:libvirt:1');
    expect(readDomainDescription(renamed).ownership).toEqual({
      marker: { installationId: 'a', tenantId: 'b', objectId: 'c', operationId: 'd' },
      name: 'n',
    });
  });

  it('takes half a marker for none', () => {
    const half = foreign.replace('urn:somebody:else', 'urn:hypergate:libvirt:1').replace('tenant="b"', '');
    expect(readDomainDescription(half).ownership).toBeNull();
  });

  it('refuses what is no domain', () => {
    expect(() => readDomainDescription('<network><name>a</name><uuid>b</uuid></network>')).toThrow(
      /not of a domain/,
    );
  });
});

import { networkXml, readNetworkDescription, usesRange } from './map-network';
import type { NetworkPlan } from './map-network';
import { subnetOf } from './subnet';
import { child, descend, parseXml } from './xml';

const plan: NetworkPlan = {
  ownership: {
    marker: { installationId: 'i', tenantId: 't', objectId: 'net_1', operationId: 'o' },
    name: 'back]]>end & "co"',
  },
  uuid: '4d4e4dd1-8077-5517-a5fc-cb4c7dc310d8',
  name: 'hg-net_1-4d4e4dd1',
  bridge: 'hg4d4e4dd18077',
  mode: 'NAT',
  subnet: subnetOf('10.20.0.0/24'),
};

describe('networkXml', () => {
  it('is read back as what was asked for', () => {
    const description = readNetworkDescription(networkXml(plan));
    expect(description).toMatchObject({
      uuid: plan.uuid,
      name: plan.name,
      ownership: plan.ownership,
      connections: 0,
    });
    expect(description.prefixes).toEqual([plan.subnet.prefix]);
  });

  it.each([
    ['ISOLATED', undefined],
    ['NAT', 'nat'],
    ['ROUTED', 'route'],
  ] as const)('forwards %s as %s', (mode, forward) => {
    expect(child(parseXml(networkXml({ ...plan, mode })), 'forward')?.attributes['mode']).toBe(forward);
  });

  it('hands out every address but the gateway', () => {
    const range = descend(parseXml(networkXml(plan)), 'ip', 'dhcp', 'range');
    expect(range?.attributes).toEqual({ start: '10.20.0.2', end: '10.20.0.254' });
  });
});

describe('usesRange', () => {
  const libvirtDefault = readNetworkDescription(
    `<network connections='2'><name>default</name><uuid>u</uuid><ip address='192.168.122.1' netmask='255.255.255.0'/>
     <ip family='ipv6' address='fd00::1' prefix='64'/></network>`,
  );

  it('sees networks that others made, by mask as well as by prefix', () => {
    expect(libvirtDefault.connections).toBe(2);
    expect(usesRange(libvirtDefault, subnetOf('192.168.122.128/25'))).toBe(true);
    expect(usesRange(libvirtDefault, subnetOf('192.168.0.0/16'))).toBe(true);
    expect(usesRange(libvirtDefault, subnetOf('192.168.123.0/24'))).toBe(false);
  });
});

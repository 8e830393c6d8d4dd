import type { Instance } from '@aws-sdk/client-ec2';
import { observe } from './map-instance';

function observed(instance: Instance) {
  return observe({
    id: 'i-1',
    instance,
    marker: null,
    cpuCount: 2,
    memoryMib: 1_024,
    diskGib: 8,
    observedAt: 7,
  });
}

describe('an instance as a VM', () => {
  it('has the name of its tag, and else its id', () => {
    expect(observed({ Tags: [{ Key: 'Name', Value: '<web>' }] }).name).toBe('<web>');
    expect(observed({}).name).toBe('i-1');
  });

  it('is what it was until it has become what it is to be', () => {
    const powerOf = (Name: 'pending' | 'running' | 'stopping' | 'stopped') =>
      observed({ State: { Name } }).powerState;
    expect(powerOf('pending')).toBe('POWERED_OFF');
    expect(powerOf('running')).toBe('POWERED_ON');
    expect(powerOf('stopping')).toBe('POWERED_ON');
    expect(powerOf('stopped')).toBe('POWERED_OFF');
  });

  it('tells its own addresses before the public one, and our network alone', () => {
    const card = {
      VpcId: 'vpc-1',
      MacAddress: '0A:00:00:00:00:01',
      Attachment: { DeviceIndex: 0 },
      PrivateIpAddresses: [{ PrivateIpAddress: '10.0.0.4', Association: { PublicIp: '198.51.100.7' } }],
      Ipv6Addresses: [{ Ipv6Address: '2001:db8::4' }],
    };
    const Tags = [{ Key: 'hypergate:network', Value: 'vpc-1' }];
    expect(observed({ NetworkInterfaces: [card], Tags }).nics).toEqual([
      {
        networkExternalId: 'vpc-1',
        macAddress: '0a:00:00:00:00:01',
        ipAddresses: ['10.0.0.4', '2001:db8::4', '198.51.100.7'],
      },
    ]);
    expect(observed({ NetworkInterfaces: [card] }).nics[0]?.networkExternalId).toBeNull();
  });
});

import { found, isFailedCreation, observe } from '../../../src/providers/openstack/map-server';
import { powerStateOf } from '../../../src/providers/openstack/map-power-state';
import { markerMetadata } from '../../../src/providers/openstack/identity';
import type { Port } from '../../../src/providers/openstack/client';
import { serverExample, serverIn } from './server-example';

const marker = { installationId: 'i', tenantId: 't', objectId: 'vm_1', operationId: 'o' };

describe('the power state', () => {
  test.each([
    ['building', 0, 'UNKNOWN'],
    ['active', 1, 'POWERED_ON'],
    // The guest has shut down, and Nova has not heard of it yet.
    ['active', 4, 'POWERED_OFF'],
    ['active', 6, 'CRASHED'],
    ['active', 0, 'POWERED_ON'],
    ['paused', 3, 'SUSPENDED'],
    ['suspended', 4, 'SUSPENDED'],
    ['stopped', 4, 'POWERED_OFF'],
    ['shelved_offloaded', 4, 'POWERED_OFF'],
    ['resized', 1, 'POWERED_ON'],
    ['resized', 4, 'POWERED_OFF'],
    ['error', 1, 'CRASHED'],
    ['what comes next', 1, 'UNKNOWN'],
  ])('of %s with power %i is %s', (vmState, power, expected) => {
    expect(powerStateOf(serverIn(vmState, null, { 'OS-EXT-STS:power_state': power }))).toBe(expected);
  });

  test.each([
    ['ACTIVE', 'POWERED_ON'],
    ['BUILD', 'UNKNOWN'],
    ['SHUTOFF', 'POWERED_OFF'],
    ['SUSPENDED', 'SUSPENDED'],
    ['VERIFY_RESIZE', 'POWERED_OFF'],
    ['ERROR', 'CRASHED'],
  ])('is told by the status %s where the cloud hides the rest', (status, expected) => {
    const hidden = { 'OS-EXT-STS:vm_state': undefined, 'OS-EXT-STS:power_state': undefined };
    expect(powerStateOf(serverExample({ status, ...hidden }))).toBe(expected);
  });
});

test.each(['deleted', 'soft-delete'])('a server that is %s is gone', (vmState) => {
  expect(found(serverIn(vmState), 1)).toBeNull();
});

test('an error before it ever ran is a failed creation, a later one is not', () => {
  expect(isFailedCreation(serverIn('error', null, { 'OS-SRV-USG:launched_at': null }))).toBe(true);
  expect(isFailedCreation(serverIn('error'))).toBe(false);
  expect(isFailedCreation(serverIn('building', null, { 'OS-SRV-USG:launched_at': null }))).toBe(false);
});

function card(addr: string, mac: string) {
  return { addr, version: 4, 'OS-EXT-IPS:type': 'fixed', 'OS-EXT-IPS-MAC:mac_addr': mac };
}

function port(network: string, mac: string, address: string): Port {
  return {
    id: `port-${network}`,
    name: '',
    network_id: network,
    mac_address: mac,
    fixed_ips: [{ subnet_id: 's', ip_address: address }],
    status: 'ACTIVE',
    security_groups: [],
  };
}

test('a server is what was asked for, with its cards in their order and all their addresses', () => {
  const server = serverExample({
    metadata: markerMetadata(marker),
    addresses: {
      b: [card('10.2.0.5', 'FA:16:3E:00:00:02'), card('203.0.113.9', 'fa:16:3e:00:00:02')],
      a: [card('10.1.0.5', 'fa:16:3e:00:00:01')],
    },
  });
  const ports = [
    port('net-a', 'fa:16:3e:00:00:01', '10.1.0.5'),
    port('net-new', 'fa:16:3e:00:00:03', '10.3.0.5'),
    port('net-b', 'fa:16:3e:00:00:02', '10.2.0.5'),
  ];
  const vm = found(server, 42);
  expect(vm && observe(vm, ports)).toEqual({
    externalId: server.id,
    marker,
    name: 'web 1',
    powerState: 'POWERED_ON',
    cpuCount: 1,
    memoryMib: 512,
    diskGib: 1,
    nics: [
      {
        networkExternalId: 'net-b',
        macAddress: 'fa:16:3e:00:00:02',
        ipAddresses: ['10.2.0.5', '203.0.113.9'],
      },
      { networkExternalId: 'net-a', macAddress: 'fa:16:3e:00:00:01', ipAddresses: ['10.1.0.5'] },
      { networkExternalId: 'net-new', macAddress: 'fa:16:3e:00:00:03', ipAddresses: ['10.3.0.5'] },
    ],
    observedAt: 42,
  });
});

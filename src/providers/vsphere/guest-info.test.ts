import type { VmSpec } from '../contract';
import { guestInfoOf } from './guest-info';

const spec: VmSpec = {
  marker: { installationId: 'ins_1', tenantId: 'ten_1', objectId: 'vm_1', operationId: 'tsk_1' },
  name: 'Web 1',
  hostname: 'web-1',
  cpuCount: 1,
  memoryMib: 128,
  diskGib: 1,
  imageExternalId: 'vm-1',
  networks: [],
  userData: null,
  sshKeys: [],
  labels: {},
};

function decoded(changes: Partial<VmSpec>): Record<string, string> {
  const info = Object.fromEntries(guestInfoOf({ ...spec, ...changes }).map(({ key, value }) => [key, value]));
  for (const key of ['guestinfo.metadata', 'guestinfo.userdata']) {
    const value = info[key];
    if (value === undefined) continue;
    expect(info[`${key}.encoding`]).toBe('base64');
    info[key] = Buffer.from(value, 'base64').toString('utf8');
  }
  return info;
}

describe('what a guest is told of itself', () => {
  it('is its name and that it asks for its addresses, also without any customisation', () => {
    const info = decoded({});
    expect(JSON.parse(info['guestinfo.metadata'] ?? '')).toMatchObject({
      'instance-id': 'vm_1',
      'local-hostname': 'web-1',
      network: { version: 2 },
    });
    expect(info).not.toHaveProperty('guestinfo.userdata');
  });

  it('is the user data verbatim, and the keys beside it', () => {
    const userData = '#cloud-config\nname: "é\u0001"\n';
    const info = decoded({ userData, sshKeys: ['ssh-ed25519 AAAA one', 'ssh-ed25519 BBBB two'] });
    expect(info['guestinfo.userdata']).toBe(userData);
    expect(JSON.parse(info['guestinfo.metadata'] ?? '')).toMatchObject({
      'public-keys': ['ssh-ed25519 AAAA one', 'ssh-ed25519 BBBB two'],
    });
  });
});

import { userDataOf } from '../../../src/providers/openstack/user-data';
import type { VmSpec } from '../../../src/providers/contract';

const KEYS = ['ssh-ed25519 AAAAC3Nza one@example', 'ssh-ed25519 AAAAC3Nza other@example'];
const spec: VmSpec = {
  marker: { installationId: 'i', tenantId: 't', objectId: 'vm_1', operationId: 'o' },
  name: 'web 1',
  hostname: 'web-1',
  cpuCount: 1,
  memoryMib: 512,
  diskGib: 1,
  imageExternalId: 'image',
  networks: [],
  userData: null,
  sshKeys: [],
  labels: {},
};

function decoded(encoded: string | null): string {
  return Buffer.from(encoded ?? '', 'base64').toString('utf8');
}

test('what Nova has fields for needs no user data', () => {
  expect(userDataOf(spec, false)).toBeNull();
  expect(userDataOf({ ...spec, sshKeys: KEYS.slice(0, 1) }, true)).toBeNull();
});

test('the tenant’s own text stays as it is', () => {
  const userData = '{"ignition":{"version":"3.4.0"}} é\n';
  expect(decoded(userDataOf({ ...spec, userData, sshKeys: KEYS.slice(0, 1) }, true))).toBe(userData);
});

test('keys that Nova has no field for come beside it', () => {
  const userData = '#!/bin/sh\necho hello\n';
  const both = decoded(userDataOf({ ...spec, userData, sshKeys: KEYS }, true));
  expect(both).toContain(userData);
  expect(both).toContain('other@example');
  expect(both).not.toContain('one@example');
});

test('without a key pair the first key is among them', () => {
  expect(decoded(userDataOf({ ...spec, sshKeys: KEYS }, false))).toContain('one@example');
});

test('what Nova could not hold is refused by its name', () => {
  // 65,535 characters of base64 stand for 49,151 bytes.
  expect(userDataOf({ ...spec, userData: 'x'.repeat(49_149) }, false)).toHaveLength(65_532);
  const refused = () => userDataOf({ ...spec, userData: 'x'.repeat(49_152) }, false);
  expect(refused).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
  expect(refused).toThrow(expect.objectContaining({ details: { field: 'spec.userData' } }));
});

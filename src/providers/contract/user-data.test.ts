import { spawnSync } from 'node:child_process';
import { parse } from 'yaml';
import { composeUserData } from './user-data';

/** The archive's parts as Python's email package reads them, which is what cloud-init reads with. */
function partsOf(text: string): { type: string; text: string }[] {
  const script = `
import email, json, sys
message = email.message_from_string(sys.stdin.buffer.read().decode('utf-8'))
print(json.dumps([{'type': part.get_content_type(), 'text': part.get_payload(decode=True).decode('utf-8')}
  for part in message.walk() if part.get_content_maintype() != 'multipart']))`;
  const { stdout, stderr, status } = spawnSync('python3', ['-c', script], { input: text, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as { type: string; text: string }[];
}

const hasPython = spawnSync('python3', ['--version']).status === 0;
const KEYS = ['ssh-ed25519 AAAA one', 'ssh-ed25519 BBBB "two": #2'];

describe('what a guest is told', () => {
  it('is a cloud-config alone where the tenant says nothing', () => {
    const text = composeUserData({ userData: null, hostname: 'web', sshKeys: KEYS });
    expect(text).toMatch(/^#cloud-config\n/);
    expect(parse(text)).toMatchObject({ hostname: 'web', ssh_authorized_keys: KEYS });
    expect(parse(composeUserData({ userData: null, hostname: 'web', sshKeys: [] }))).not.toHaveProperty(
      'ssh_authorized_keys',
    );
  });

  it.each(['on', 'no', 'y', '0b11', '2026-11-23', '0777'])(
    'has %s for a host name, and nothing else that YAML takes it for',
    (hostname) => {
      const text = composeUserData({ userData: null, hostname, sshKeys: [] });
      expect(parse(text, { version: '1.1' })).toMatchObject({ hostname });
    },
  );

  it('is the same each time', () => {
    const settings = { userData: '#!/bin/sh\nid\n', hostname: 'web', sshKeys: KEYS };
    expect(composeUserData(settings)).toBe(composeUserData({ ...settings }));
  });

  // Python is on the machines that run the peers; a gateway does not need it.
  (hasPython ? it : it.skip).each([
    ['a script', '#!/bin/sh\necho "hello"\n'],
    ['a cloud-config', '#cloud-config\npackages: [nginx]\n'],
    ['a text beyond ASCII', '#cloud-config\nfinal_message: "grüß dich, 世界"\n'],
    ['a text without an end of line', '#!/bin/sh\nid'],
    ['lines like a boundary', '#!/bin/sh\n--==x==\n--\n'],
  ])('carries %s and our part behind it', (_what, userData) => {
    const text = composeUserData({ userData, hostname: 'web', sshKeys: KEYS });
    const [tenants, ours, ...more] = partsOf(text);
    expect(more).toEqual([]);
    expect(tenants).toEqual({ type: 'text/plain', text: userData });
    expect(ours?.type).toBe('text/cloud-config');
    expect(parse(ours?.text ?? '')).toMatchObject({ hostname: 'web', ssh_authorized_keys: KEYS });
  });

  (hasPython ? it : it.skip)('keeps an archive of the tenant’s whole', () => {
    const inner = composeUserData({ userData: '#!/bin/sh\nid\n', hostname: 'inner', sshKeys: [] });
    const types = partsOf(composeUserData({ userData: inner, hostname: 'web', sshKeys: [] })).map(
      ({ type }) => type,
    );
    expect(types).toEqual(['text/plain', 'text/cloud-config', 'text/cloud-config']);
  });
});

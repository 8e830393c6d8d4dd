import { LibvirtConnectionError } from './errors';
import { parseLibvirtUri } from './uri';

describe('libvirt URIs', () => {
  it.each([
    ['qemu:///system', { kind: 'unix', path: '/run/libvirt/libvirt-sock' }, 'qemu:///system'],
    ['qemu+unix:///system?socket=/a/b', { kind: 'unix', path: '/a/b' }, 'qemu:///system'],
    ['qemu+unix:///session?socket=/a/b', { kind: 'unix', path: '/a/b' }, 'qemu:///session'],
    ['test+unix:///default?socket=/a%20b', { kind: 'unix', path: '/a b' }, 'test:///default'],
    ['test+unix:///dir/host.xml?socket=/s', { kind: 'unix', path: '/s' }, 'test:///dir/host.xml'],
    ['qemu+tcp://host/system', { kind: 'tcp', host: 'host', port: 16509 }, 'qemu:///system'],
    ['qemu+tcp://[::1]:99/system', { kind: 'tcp', host: '::1', port: 99 }, 'qemu:///system'],
    [
      'qemu+tls://host:1234/system',
      { kind: 'tls', host: 'host', port: 1234, pkiPath: null },
      'qemu:///system',
    ],
    [
      'qemu://host/system?pkipath=/pki',
      { kind: 'tls', host: 'host', port: 16514, pkiPath: '/pki' },
      'qemu:///system',
    ],
    [
      'qemu+tcp://host/system?mode=direct&keep=1',
      { kind: 'tcp', host: 'host', port: 16509 },
      'qemu:///system?keep=1',
    ],
    ['qemu+tcp://host/?name=test:///default', { kind: 'tcp', host: 'host', port: 16509 }, 'test:///default'],
  ])('%s', (uri, transport, driverUri) => {
    expect(parseLibvirtUri(uri)).toEqual({ transport, driverUri });
  });

  it('uses the read-only socket for a read-only client', () => {
    expect(parseLibvirtUri('qemu:///system', true).transport).toEqual({
      kind: 'unix',
      path: '/run/libvirt/libvirt-sock-ro',
    });
  });

  it.each([
    ['not a uri', /it is not a URI/],
    ['qemu+ssh://host/system', /"ssh" is not supported; use unix, tcp or tls/],
    ['qemu+libssh2://host/system', /"libssh2" is not supported/],
    ['qemu+unix://host/system', /the transport unix has no host/],
    ['qemu+tcp:///system', /the transport tcp needs a host/],
    ['qemu+tls://user@host/system', /names a user/],
    ['qemu+tls://host/system?no_verify=1', /certificates are always verified/],
    ['qemu:///session', /needs the parameter socket/],
  ])('refuses %s in plain words and for good', (uri, message) => {
    let error: unknown;
    try {
      parseLibvirtUri(uri);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(LibvirtConnectionError);
    expect(error).toMatchObject({ retriable: false, message: expect.stringMatching(message) as string });
  });
});

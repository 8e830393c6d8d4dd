import { AppError, ERROR_CODES } from '../../kernel';
import { LIBVIRT_ERROR, LibvirtConnectionError, LibvirtError, LibvirtTimeoutError } from './client';
import { translateError } from './errors';

const native = (code: number, message = 'secret: /var/lib/libvirt/images/x'): LibvirtError =>
  new LibvirtError({ code, domain: 10, level: 2, message });

const EXPECTED: readonly (readonly [keyof typeof LIBVIRT_ERROR, string, boolean])[] = [
  ['NO_MEMORY', 'RESOURCE_EXHAUSTED', false],
  ['NO_SUPPORT', 'UNSUPPORTED', false],
  ['NO_CONNECT', 'UNAVAILABLE', true],
  ['INVALID_ARG', 'INVALID_ARGUMENT', false],
  ['XML_ERROR', 'INVALID_ARGUMENT', false],
  ['XML_DETAIL', 'INVALID_ARGUMENT', false],
  ['CONFIG_UNSUPPORTED', 'INVALID_ARGUMENT', false],
  ['OVERFLOW', 'INVALID_ARGUMENT', false],
  ['DOM_EXIST', 'ALREADY_EXISTS', false],
  ['NETWORK_EXIST', 'ALREADY_EXISTS', false],
  ['STORAGE_VOL_EXIST', 'ALREADY_EXISTS', false],
  ['OPERATION_DENIED', 'PERMISSION_DENIED', false],
  ['ACCESS_DENIED', 'PERMISSION_DENIED', false],
  ['AUTH_FAILED', 'UNAUTHENTICATED', false],
  ['RPC', 'UNAVAILABLE', true],
  ['NO_DOMAIN', 'NOT_FOUND', false],
  ['NO_NETWORK', 'NOT_FOUND', false],
  ['NO_STORAGE_POOL', 'NOT_FOUND', false],
  ['NO_STORAGE_VOL', 'NOT_FOUND', false],
  ['OPERATION_INVALID', 'FAILED_PRECONDITION', false],
  ['OPERATION_TIMEOUT', 'DEADLINE_EXCEEDED', true],
  ['AGENT_UNRESPONSIVE', 'DEADLINE_EXCEEDED', true],
  ['RESOURCE_BUSY', 'UNAVAILABLE', true],
  ['OPERATION_UNSUPPORTED', 'UNSUPPORTED', false],
  ['INTERNAL_ERROR', 'INTERNAL', false],
  ['SYSTEM_ERROR', 'INTERNAL', false],
];

describe('translateError', () => {
  it.each(EXPECTED)('%s becomes %s, retryable %s', (name, code, retryable) => {
    const error = translateError(native(LIBVIRT_ERROR[name]));
    expect(error).toMatchObject({ code, retryable });
    expect((error.cause as LibvirtError).code).toBe(LIBVIRT_ERROR[name]);
  });

  it.each([
    [
      1,
      'internal error: Child process (/usr/bin/qemu-img create) unexpected exit status 1: No space left on device',
      'RESOURCE_EXHAUSTED',
    ],
    [38, 'cannot write data to file: No space left on device', 'RESOURCE_EXHAUSTED'],
    [1, "qemu: cannot set up guest memory 'pc.ram': Cannot allocate memory", 'RESOURCE_EXHAUSTED'],
    [1, 'internal error: Network is already in use by interface virbr0', 'ALREADY_EXISTS'],
    [1, 'dnsmasq: failed to create listening socket for 10.64.0.1: Address already in use', 'ALREADY_EXISTS'],
  ])('%i with the text %j becomes %s', (number, message, code) => {
    expect(translateError(native(number, message))).toMatchObject({ code });
  });

  it('never shows what the daemon said: it names paths and other objects', () => {
    for (let number = 0; number < 120; number += 1) {
      const error = translateError(native(number));
      expect(error.message).not.toMatch(/secret|\/var/);
      expect(ERROR_CODES).toContain(error.code);
    }
  });

  it('a text in another error does not decide', () => {
    expect(translateError(native(LIBVIRT_ERROR.NO_DOMAIN, 'No space left on device'))).toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  it('a lost connection may come back, a refused configuration will not', () => {
    expect(translateError(new LibvirtConnectionError('x'))).toMatchObject({
      code: 'UNAVAILABLE',
      retryable: true,
    });
    const final = new LibvirtConnectionError('x', { retriable: false });
    expect(translateError(final)).toMatchObject({ code: 'UNAVAILABLE', retryable: false });
    expect(translateError(new LibvirtTimeoutError('x', 5, true))).toMatchObject({
      code: 'DEADLINE_EXCEEDED',
      retryable: true,
    });
  });

  it('an aborted call is cancelled, whatever it failed with', () => {
    expect(translateError(new LibvirtConnectionError('x'), AbortSignal.abort())).toMatchObject({
      code: 'CANCELLED',
    });
  });

  it('leaves what is translated already, and masks what is foreign', () => {
    const ours = new AppError('RESOURCE_EXHAUSTED', 'full');
    expect(translateError(ours)).toBe(ours);
    expect(translateError(new TypeError('secret'))).toMatchObject({
      code: 'INTERNAL',
      message: 'An internal error occurred.',
    });
  });
});

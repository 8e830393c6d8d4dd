import { configSchema } from './config';

const least = { url: 'https://vcenter.example/sdk', username: 'u', password: 'p' };
const accepts = (changes: object): boolean => configSchema.safeParse({ ...least, ...changes }).success;

describe('the configuration of a vSphere backend', () => {
  it('takes what it gave back', () => {
    const parsed = configSchema.parse(least);
    expect(parsed).toMatchObject({ folder: 'Hypergate', networkSwitch: 'distributed' });
    expect(configSchema.parse(parsed)).toEqual(parsed);
  });

  it('speaks in the clear to this machine only', () => {
    expect(accepts({ url: 'http://127.0.0.1:8989/sdk' })).toBe(true);
    expect(accepts({ url: 'http://[::1]:8989/sdk' })).toBe(true);
    expect(accepts({ url: 'http://localhost:8989/sdk' })).toBe(true);
    expect(accepts({ url: 'http://vcenter.example/sdk' })).toBe(false);
    expect(accepts({ url: 'http://127.0.0.1.vcenter.example/sdk' })).toBe(false);
    expect(accepts({ url: 'ftp://127.0.0.1/sdk' })).toBe(false);
    expect(accepts({ url: 'vcenter.example' })).toBe(false);
    expect(accepts({ url: 'https://u:p@vcenter.example/sdk' })).toBe(false);
  });

  it('knows no way around the certificate', () => {
    expect(accepts({ insecure: true })).toBe(false);
    expect(accepts({ certificateSha256: 'AB:'.repeat(31) + 'AB' })).toBe(true);
    expect(accepts({ certificateSha256: 'ab'.repeat(32) })).toBe(true);
    expect(accepts({ certificateSha256: 'ab'.repeat(31) })).toBe(false);
    expect(accepts({ caFile: __filename })).toBe(true);
    expect(accepts({ caFile: __dirname })).toBe(false);
    expect(accepts({ caFile: 'no-such-file.pem' })).toBe(false);
  });

  it('wants a range of VLANs that there are', () => {
    expect(accepts({ vlans: { from: 100, to: 100 } })).toBe(true);
    expect(accepts({ vlans: { from: 101, to: 100 } })).toBe(false);
    expect(accepts({ vlans: { from: 1, to: 4095 } })).toBe(false);
    expect(accepts({ bridgedVlan: 0 })).toBe(true);
  });
});

import { configSchema } from './config';

const least = { region: 'eu-west-1', accessKeyId: 'a', secretAccessKey: 's' };
const accepts = (changes: object): boolean => configSchema.safeParse({ ...least, ...changes }).success;

describe('the configuration of an EC2 backend', () => {
  it('takes what it gave back', () => {
    const parsed = configSchema.parse(least);
    expect(parsed).toMatchObject({ instanceTypes: ['t3.*'], listingLagMs: 5_000, maxAttempts: 6 });
    expect(configSchema.parse(parsed)).toEqual(parsed);
  });

  it('needs keys, and looks for none elsewhere', () => {
    expect(configSchema.safeParse({ region: 'eu-west-1' }).success).toBe(false);
    expect(accepts({ profile: 'default' })).toBe(false);
    expect(accepts({ sessionToken: 't' })).toBe(true);
  });

  it('speaks in the clear to this machine only', () => {
    expect(accepts({ endpoint: 'http://127.0.0.1:4566' })).toBe(true);
    expect(accepts({ endpoint: 'http://[::1]:4566' })).toBe(true);
    expect(accepts({ endpoint: 'https://ec2.example' })).toBe(true);
    expect(accepts({ endpoint: 'http://ec2.example' })).toBe(false);
    expect(accepts({ endpoint: 'http://127.0.0.1.ec2.example' })).toBe(false);
    expect(accepts({ endpoint: 'https://a:s@ec2.example' })).toBe(false);
  });

  it('wants regions, types, subnets and rules that there can be', () => {
    expect(accepts({ region: 'nowhere' })).toBe(false);
    expect(accepts({ region: 'us-gov-west-1' })).toBe(true);
    expect(accepts({ instanceTypes: ['m6i.large', 'u-6tb1.*'] })).toBe(true);
    expect(accepts({ instanceTypes: [] })).toBe(false);
    expect(accepts({ instanceTypes: ['t3 large'] })).toBe(false);
    expect(accepts({ subnetId: 'vpc-0123' })).toBe(false);
    const rule = { protocol: 'tcp', fromPort: 22, toPort: 22, cidr: '192.0.2.0/24' };
    expect(accepts({ ingress: [rule] })).toBe(true);
    expect(accepts({ ingress: [{ ...rule, toPort: 21 }] })).toBe(false);
    expect(accepts({ ingress: [{ ...rule, cidr: '192.0.2.1/24' }] })).toBe(false);
  });
});

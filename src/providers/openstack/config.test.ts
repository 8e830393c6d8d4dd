import { configSchema } from './config';

const least = { authUrl: 'https://cloud.example:5000/v3', username: 'u', password: 'p', project: 'lab' };
const refusal = (changes: object): string | undefined =>
  configSchema.safeParse({ ...least, ...changes }).error?.issues[0]?.path.join('.');

describe('the configuration of an OpenStack backend', () => {
  it('takes what it gave back', () => {
    const ingress = [{ protocol: 'tcp', fromPort: 22, toPort: 22, cidr: '203.0.113.7/24' }];
    const parsed = configSchema.parse({ ...least, ingress });
    expect(parsed).toMatchObject({ domain: 'Default', interface: 'public', floatingIps: false });
    expect(configSchema.parse(parsed)).toEqual(parsed);
  });

  it('speaks in the clear to this machine only', () => {
    expect(refusal({ authUrl: 'http://127.0.0.1:5000/v3' })).toBeUndefined();
    expect(refusal({ authUrl: 'http://cloud.example:5000/v3' })).toBe('authUrl');
    expect(refusal({ authUrl: 'https://u:p@cloud.example:5000/v3' })).toBe('authUrl');
    expect(refusal({ authUrl: 'cloud.example' })).toBe('authUrl');
  });

  it('wants a user with a project, or an application credential, and not both', () => {
    const application = { applicationCredentialId: 'i', applicationCredentialSecret: 's' };
    const { authUrl } = least;
    expect(configSchema.safeParse({ authUrl, ...application }).success).toBe(true);
    expect(refusal({ project: undefined })).toBe('project');
    expect(refusal(application)).toBe('username');
    expect(configSchema.safeParse({ authUrl, applicationCredentialId: 'i' }).error?.issues).toMatchObject([
      { path: ['applicationCredentialSecret'] },
    ]);
  });

  it('wants ports and prefixes that there are, and writes prefixes as Neutron does', () => {
    const cidr = '203.0.113.0/24';
    expect(refusal({ ingress: [{ protocol: 'icmp', cidr }] })).toBeUndefined();
    expect(refusal({ ingress: [{ protocol: 'icmp', fromPort: 1, toPort: 1, cidr }] })).toBe(
      'ingress.0.fromPort',
    );
    expect(refusal({ ingress: [{ protocol: 'tcp', fromPort: 80, cidr }] })).toBe('ingress.0.toPort');
    expect(refusal({ ingress: [{ protocol: 'tcp', fromPort: 80, toPort: 79, cidr }] })).toBe(
      'ingress.0.toPort',
    );
    expect(refusal({ ingress: [{ protocol: 'tcp', cidr: '203.0.113.0' }] })).toBe('ingress.0.cidr');
    const written = ['203.0.113.77/24', '2001:DB8:0:0::1/32', '::/0', '0.0.0.0/0'].map(
      (prefix) =>
        configSchema.parse({ ...least, ingress: [{ protocol: 'udp', cidr: prefix }] }).ingress[0]?.cidr,
    );
    expect(written).toEqual(['203.0.113.0/24', '2001:db8::/32', '::/0', '0.0.0.0/0']);
  });
});

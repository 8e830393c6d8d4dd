import dns from 'node:dns';
import { Ec2Client } from './ec2-client';

/** Not in the DNS, and never asked for there. */
const REGION = 'zz-nowhere-1';

describe('where EC2 is looked for', () => {
  const before = process.env['AWS_ENDPOINT_URL_EC2'];

  afterEach(() => {
    jest.restoreAllMocks();
    if (before === undefined) delete process.env['AWS_ENDPOINT_URL_EC2'];
    else process.env['AWS_ENDPOINT_URL_EC2'] = before;
  });

  it('is AWS itself where the configuration names nothing, whatever the environment says', async () => {
    process.env['AWS_ENDPOINT_URL_EC2'] = 'http://elsewhere.invalid';
    const asked: string[] = [];
    jest.spyOn(dns, 'lookup').mockImplementation(((
      host: string,
      _options: object,
      done: (error: Error) => void,
    ) => {
      asked.push(host);
      done(Object.assign(new Error('not found'), { code: 'ENOTFOUND' }));
    }) as typeof dns.lookup);
    const keys = { accessKeyId: 'AKIASIMULATEDACCOUNT', secretAccessKey: 'secret' };
    const client = new Ec2Client({ ...keys, region: REGION, callTimeoutMs: 1_000, maxAttempts: 1 });
    const { signal } = new AbortController();
    const sent = client.send((sdk) => new sdk.DescribeVpcsCommand({}), 'ONCE', signal);
    await expect(sent).rejects.toMatchObject({ reason: 'UNREACHABLE' });
    await client.close();
    expect(asked).toEqual([`ec2.${REGION}.amazonaws.com`]);
  });
});

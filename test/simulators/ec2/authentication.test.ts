import { DescribeVpcsCommand } from '@aws-sdk/client-ec2';
import { post, signedHeaders } from './signed-fetch';
import type { Signing } from './signed-fetch';
import { stage } from './stage';
import type { Stage } from './stage';

const FORM = 'Action=DescribeVpcs&Version=2016-11-15';
describe('who may call', () => {
  let at: Stage;
  let endpoint: string;
  let own: Signing;

  beforeAll(async () => {
    at = await stage();
    const { connection } = at.simulator;
    endpoint = connection['endpoint'] ?? '';
    own = {
      accessKeyId: connection['accessKeyId'] ?? '',
      secretAccessKey: connection['secretAccessKey'] ?? '',
      region: connection['region'] ?? '',
    };
  });

  afterAll(() => at.close());

  const send = (signing: Partial<Signing> = {}, form = FORM) =>
    post(endpoint, form, signedHeaders(endpoint, form, { ...own, ...signing }));

  it('lets in whoever has the key', async () => {
    const { status, text, requestId } = await send();
    expect(status).toBe(200);
    expect(text).toContain(
      `<DescribeVpcsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>${requestId}</requestId><vpcSet><item>`,
    );
  });

  it('refuses who does not sign', async () => {
    const refusal = await post(endpoint, FORM, { 'content-type': 'application/x-www-form-urlencoded' });
    expect(refusal).toMatchObject({ status: 403, code: 'MissingAuthenticationToken' });
    expect(refusal.text).toMatch(
      /<Response><Errors><Error><Code>[^<]+<\/Code><Message>[^<]+<\/Message><\/Error><\/Errors><RequestID>[-0-9a-f]{36}<\/RequestID><\/Response>$/,
    );
    expect(refusal.text).toContain(refusal.requestId);
  });

  const MINUTE = 60_000;
  const ago = (ms: number): Partial<Signing> => ({ at: new Date(Date.now() - ms) });
  it.each([
    ['another secret', { secretAccessKey: 'wrong' }, 403, 'SignatureDoesNotMatch'],
    ['another key', { accessKeyId: 'AKIAXXXXXXXXXXXXXXXX' }, 401, 'AuthFailure'],
    ['what is no key', { accessKeyId: 'nobody' }, 403, 'InvalidClientTokenId'],
    ['another region', { region: 'us-east-1' }, 403, 'SignatureDoesNotMatch'],
    ['another service', { service: 's3' }, 403, 'SignatureDoesNotMatch'],
    ['another day', { day: '20150830' }, 403, 'SignatureDoesNotMatch'],
    ['a clock that is slow', ago(6 * MINUTE), 400, 'RequestExpired'],
    ['a clock that is fast', ago(-6 * MINUTE), 400, 'RequestExpired'],
  ])('refuses %s', async (_what, signing, status, code) => {
    expect(await send(signing)).toMatchObject({ status, code });
  });

  it.each([4, -4])('bears a clock that is wrong by %s minutes', async (minutes) => {
    expect((await send(ago(minutes * MINUTE))).status).toBe(200);
  });

  it('refuses a body that was changed on the way', async () => {
    const headers = signedHeaders(endpoint, FORM, own);
    const changed = await post(endpoint, FORM.replace('DescribeVpcs', 'DescribeTags'), headers);
    expect(changed).toMatchObject({ status: 403, code: 'SignatureDoesNotMatch' });
  });

  it('refuses a payload that was not signed, and headers that were not', async () => {
    const headers = signedHeaders(endpoint, FORM, own);
    const unsigned = { ...headers, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' };
    expect(await post(endpoint, FORM, unsigned)).toMatchObject({ code: 'SignatureDoesNotMatch' });
    const client = at.newClient();
    client.middlewareStack.add(
      (next) => (args) => {
        Object.assign((args.request as { headers: object }).headers, {
          'x-amz-content-sha256': 'UNSIGNED-PAYLOAD',
        });
        return next(args);
      },
      { step: 'build' },
    );
    await expect(client.send(new DescribeVpcsCommand({}))).rejects.toMatchObject({
      name: 'SignatureDoesNotMatch',
    });
  });

  it.each(['constructor', '__proto__'])('refuses the signed header %s that is none', async (name) => {
    const headers = signedHeaders(endpoint, FORM, own);
    const authorization = headers['authorization']?.replace('SignedHeaders=', `SignedHeaders=${name};`) ?? '';
    const refusal = await post(endpoint, FORM, { ...headers, authorization });
    expect(refusal).toMatchObject({ status: 403, code: 'SignatureDoesNotMatch' });
  });

  it.each([
    ['Basic dXNlcjpwYXNz', 'IncompleteSignature'],
    ['AWS4-HMAC-SHA256 Credential=a/b/c', 'IncompleteSignature'],
    ['AWS4-HMAC-SHA256 Credential=a/20150830/r/ec2/aws4_request, Signature=00', 'IncompleteSignature'],
    ['AWS4-HMAC-SHA256 Credential=a/20150830/r/ec2/aws4_request, SignedHeaders=host', 'IncompleteSignature'],
  ])('refuses the header %s', async (authorization, code) => {
    const headers = { ...signedHeaders(endpoint, FORM, own), authorization };
    expect(await post(endpoint, FORM, headers)).toMatchObject({ status: 400, code });
  });

  it.each([
    ['Action=MakeCoffee&Version=2016-11-15', 400, 'InvalidAction'],
    ['Action=DescribeVpcs&Version=2008-02-01', 400, 'InvalidAction'],
    ['Action=DescribeVpcs', 400, 'MissingParameter'],
    ['Version=2016-11-15', 400, 'MissingAction'],
    ['Action=toString&Version=2016-11-15', 400, 'InvalidAction'],
    [`${FORM}&VpcId.1=a&VpcId.1=b`, 400, 'MalformedQueryString'],
    [`${FORM}&Filter.1.Name=colour&Filter.1.Value.1=red`, 400, 'InvalidParameterValue'],
    [`${FORM}&Filter.1.Value.1=red`, 400, 'MissingParameter'],
    [`${FORM}&MaxResults=4`, 400, 'InvalidParameterValue'],
    [`${FORM}&MaxResults=many`, 400, 'InvalidParameterValue'],
    [`${FORM}&NextToken=nonsense`, 400, 'InvalidNextToken'],
    [`${FORM}&DryRun=true`, 412, 'DryRunOperation'],
    [`${FORM}&DryRun=perhaps`, 400, 'InvalidParameterValue'],
    [`${FORM}&Unknown=1`, 200, ''],
  ])('answers %s', async (form, status, code) => {
    expect(await send({}, form)).toMatchObject({ status, code });
  });

  it('refuses more filters than EC2 takes', async () => {
    const filters = Array.from(
      { length: 51 },
      (_none, index) => `&Filter.${index}.Name=vpc-id&Filter.${index}.Value.1=x`,
    );
    expect(await send({}, FORM + filters.join(''))).toMatchObject({ code: 'FilterLimitExceeded' });
  });
});

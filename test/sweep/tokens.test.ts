import { createTenancy, createToken } from '../support/api/requests';
import type { Tenancy } from '../support/api/requests';
import { StatementLog } from '../support/api/statement-log';
import { TestGateway } from '../support/api/test-gateway';
import { until } from '../support/until';
import { mintSecret } from '../../src/tenants/api-token';

let gateway: TestGateway;
let acme: Tenancy;
let statements: StatementLog;
beforeAll(async () => {
  statements = new StatementLog();
  gateway = await TestGateway.start();
  acme = await createTenancy(gateway.admin, 'acme');
});
afterAll(async () => {
  statements.close();
  await gateway.close();
});

const soon = (ms: number): string => new Date(Date.now() + ms).toISOString();
const QUERY = '{ viewer { kind } }';

/** Changes the last character of the checksum. */
function mistyped(secret: string): string {
  return secret.slice(0, -1) + (secret.endsWith('0') ? '1' : '0');
}

async function refusedOverHttp(token: string): Promise<void> {
  const answer = await acme.owner.as(token).ask(QUERY);
  expect(answer.status).toBe(401);
  expect(answer.data).toBeNull();
  expect(answer.errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
}

async function refusedOverSocket(token: string): Promise<void> {
  const source = acme.owner.as(token).events('subscription { vmEvents { kind } }');
  await expect(source.next()).rejects.toMatchObject({
    code: 4401,
    reason: expect.stringMatching(/^UNAUTHENTICATED/),
  });
  await source.close();
}

describe('a token that does not hold', () => {
  const tokens: [string, () => Promise<string>][] = [
    ['is unknown', async () => mintSecret()],
    ['was mistyped', async () => mistyped(acme.owner.token!)],
    ['is anything else', async () => 'letmein'],
    ['has spaces in it', async () => 'let me in'],
    [
      'was revoked',
      async () => {
        const { id, secret } = await createToken(acme.owner, { role: 'OWNER' });
        await acme.owner.mutate('revokeApiToken', { id }, 'token { id }');
        return secret;
      },
    ],
    [
      'has expired',
      async () => {
        const { secret } = await createToken(acme.owner, { role: 'OWNER', expiresAt: soon(150) });
        await until(
          async () => (await acme.owner.as(secret).ask(QUERY)).status,
          (status) => status === 401,
        );
        return secret;
      },
    ],
  ];

  it.each(tokens)(
    'because it %s is answered 401 UNAUTHENTICATED, and its socket is closed',
    async (_title, make) => {
      const token = await make();
      await refusedOverHttp(token);
      await refusedOverSocket(token);
    },
  );

  it('says nothing of why', async () => {
    const messages = new Set<string>();
    for (const [, make] of tokens) {
      const { errors } = await acme.owner.as(await make()).ask(QUERY);
      messages.add(errors[0]!.message);
    }
    expect([...messages]).toEqual(['The token is not valid.']);
  });

  it('asks nothing of the database where the checksum is wrong', async () => {
    const asked = (token: string) =>
      statements.during(async () => {
        await refusedOverHttp(token);
        await refusedOverSocket(token);
      });
    const aboutTokens = (sent: string[]) => sent.filter((sql) => sql.includes('api_token'));
    expect(aboutTokens(await asked(mintSecret()))).toHaveLength(2);
    expect(aboutTokens(await asked(mistyped(mintSecret())))).toEqual([]);
    expect(aboutTokens(await asked('x'.repeat(40)))).toEqual([]);
  });
});

describe('an open socket', () => {
  it.each(['taskEvents', 'vmEvents'])(
    'that follows %s is closed when its token is revoked',
    async (field) => {
      const { id, secret } = await createToken(acme.owner, { role: 'VIEWER' });
      const member = acme.owner.as(secret);
      const source = member.events(`subscription { ${field} { cursor } }`);
      const end = source.next();
      await until(
        () => gatewayMetric(/^hypergate_subscriptions_active /),
        (count) => count > 0,
      );
      await acme.owner.mutate('revokeApiToken', { id }, 'token { id }');
      await expect(end).rejects.toMatchObject({
        code: 4403,
        reason: expect.stringContaining('no longer accepted'),
      });
      await source.close();
    },
  );

  it('is closed when its token expires', async () => {
    const { secret } = await createToken(acme.owner, { role: 'VIEWER', expiresAt: soon(400) });
    const source = acme.owner.as(secret).events('subscription { vmEvents { cursor } }');
    await expect(source.next()).rejects.toMatchObject({
      code: 4403,
      reason: expect.stringMatching(/expired|accepted/),
    });
    await source.close();
  });
});

async function gatewayMetric(line: RegExp): Promise<number> {
  const text = await (await fetch(`${gateway.url}/metrics`)).text();
  return Number(
    text
      .split('\n')
      .find((one) => line.test(one))
      ?.split(' ')
      .at(-1) ?? 0,
  );
}

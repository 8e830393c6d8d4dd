import { newId, silentLogger } from '../../../src/kernel';
import { unwatchedCall } from '../../../src/providers/contract';
import type { Marker } from '../../../src/providers/contract';
import { rejection } from '../../conformance/error-codes';
import { pause } from '../../conformance/pause';
import { SESSION_TOKEN, breakEndpoint } from './broken-endpoint';
import type { BrokenEndpoint } from './broken-endpoint';

const context = unwatchedCall(new AbortController().signal, silentLogger);

function someMarker(): Marker {
  const [installationId, tenantId] = [newId('tenant'), newId('tenant')];
  return { installationId, tenantId, objectId: newId('vm'), operationId: newId('task') };
}

describe('an endpoint that does not behave like EC2', () => {
  let endpoint: BrokenEndpoint;

  beforeEach(async () => {
    endpoint = await breakEndpoint((_request, response) => void response.end());
  });

  afterEach(() => endpoint.close());

  const answers = (body: string, status = 200) =>
    endpoint.answerWith((_request, response) => void response.writeHead(status).end(body));

  it.each([
    ['a page of a proxy in trouble', 502, '<html><body>Bad gateway</body></html>'],
    ['a page that asks for a login', 403, '<html><body>Log in first</body></html>'],
    ['a redirection', 307, ''],
  ])('but gives %s is not ready, whatever was asked for', async (_what, status, body) => {
    answers(body, status);
    const error = await rejection(endpoint.provider.probe(context));
    expect(error).toMatchObject({ code: 'UNAVAILABLE', retryable: true });
  });

  it.each([
    ['nothing', ''],
    ['a page', '<html><body>Log in first</body></html>'],
  ])('but gives %s has not said that a VM is gone', async (_what, body) => {
    answers(body);
    const marker = someMarker();
    const ref = { externalId: 'i-00000000000000000', marker };
    for (const call of [
      endpoint.provider.getVm(ref, context),
      endpoint.provider.deleteVm(ref, context),
      endpoint.provider.deleteNetwork({ externalId: '', marker }, context),
    ])
      expect(await rejection(call)).toMatchObject({ code: 'UNAVAILABLE', retryable: true });
  });

  it.each([
    ['nothing comes', ''],
    ['half an answer comes', '<DescribeInstanceTypesResponse>'],
  ])('is left after a while when %s', async (_what, body) => {
    endpoint.answerWith((_request, response) => {
      if (body !== '') response.writeHead(200, { 'content-length': 1_000 }).write(body);
    });
    expect(await rejection(endpoint.provider.probe(context))).toMatchObject({ retryable: true });
  });

  it('and stalls in the middle of an answer is asked by the feed again', async () => {
    endpoint.answerWith((_request, response) => void response.write('<DescribeInstancesResponse>'));
    const controller = new AbortController();
    const watching = endpoint.provider.watch(() => undefined, controller.signal);
    // Two requests are one look.
    while (endpoint.count() < 4) await pause(5);
    controller.abort();
    await watching;
  });

  it('and repeats the credentials in its refusal does not bring them into a log', async () => {
    endpoint.answerWith(({ headers }, response) => {
      const signed = `x-amz-security-token:${String(headers['x-amz-security-token'])}`;
      const error = `<Code>SignatureDoesNotMatch</Code><Message>${signed}\n${headers.authorization}</Message>`;
      response.writeHead(403).end(`<Response><Errors><Error>${error}</Error></Errors></Response>`);
    });
    const told: string[] = [];
    let cause: unknown = await rejection(endpoint.provider.probe(context));
    for (; cause instanceof Error; cause = cause.cause) told.push(cause.message, cause.stack ?? '');
    expect(told.join()).toContain('SignedHeaders=');
    expect(told.join()).not.toContain(SESSION_TOKEN);
    expect(told.join()).not.toMatch(/Signature=[0-9a-f]/);
  });

  it('and whose list never ends is left', async () => {
    answers(
      '<DescribeInstancesResponse><reservationSet/><nextToken>again</nextToken></DescribeInstancesResponse>',
    );
    const error = await rejection(endpoint.provider.locateVm(someMarker(), context));
    expect(error).toMatchObject({ code: 'UNAVAILABLE', retryable: true });
    expect(endpoint.count()).toBe(2);
  });
});

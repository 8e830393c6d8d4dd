import { connect } from 'node:net';
import { ERROR_CODES } from '../../src/kernel';
import { closeGateways, type Gateway, type GraphqlAnswer, startGateway } from './sample-gateway';
import { SQL_TEXT } from './sample-schema';

let gateway: Gateway;
beforeEach(async () => {
  gateway = await startGateway();
});
afterEach(closeGateways);

const SECRET = 'hunter2-hunter2';
const SAVE = 'mutation ($input: SaveInput!) { save(input: $input) }';

/** Every error has a code of the closed list and a request id, and nothing beside what is documented. */
function expectOnly(answer: GraphqlAnswer, code: string): void {
  expect(answer.errors.map((error) => error.extensions.code)).toEqual([code]);
  for (const error of answer.errors) {
    expect(ERROR_CODES).toContain(error.extensions.code);
    expect(error.extensions.requestId).toBe(answer.headers.get('x-request-id'));
    expect(['code', 'requestId', 'details']).toEqual(expect.arrayContaining(Object.keys(error.extensions)));
    expect(['message', 'path', 'locations', 'extensions']).toEqual(
      expect.arrayContaining(Object.keys(error)),
    );
  }
  expect(answer.text).not.toContain(SECRET);
  expect(answer.text).not.toMatch(/SELECT|node_modules|at \w+ \(|stack|exception/i);
}

describe('an unexpected error', () => {
  it.each(['broken', 'leaky'])('in `%s` is masked, and logged with its stack', async (field) => {
    const answer = await gateway.query(`{ ${field} }`);
    expectOnly(answer, 'INTERNAL');
    expect(answer.errors[0]?.message).toBe(
      'An internal error occurred. Quote the request id when you report it.',
    );
    expect(answer.errors[0]?.path).toEqual([field]);
    expect(gateway.log()).toContainEqual(
      expect.objectContaining({
        level: 'error',
        requestId: answer.headers.get('x-request-id'),
        path: field,
        err: expect.objectContaining({ stack: expect.stringContaining('sample-schema') }),
      }),
    );
  });

  it('may be no error at all', async () => {
    expectOnly(await gateway.query('{ oddly }'), 'INTERNAL');
    expect(gateway.rawLog()).toContain('Unexpected error value');
  });

  it('is a null where there must be a value', async () => {
    expectOnly(await gateway.query('{ nothing }'), 'INTERNAL');
  });

  it('of our own keeps its message, and its cause goes to the log only', async () => {
    const answer = await gateway.query('{ internal }');
    expectOnly(answer, 'INTERNAL');
    expect(answer.errors[0]?.message).toBe('The backend answered nonsense.');
    expect(gateway.rawLog()).toContain(JSON.stringify(SQL_TEXT).slice(1, -1));
  });
});

describe('an AppError', () => {
  it('shows its code and message, and is not logged as a fault', async () => {
    const answer = await gateway.query('{ vm(id: "vm_1") { id } }');
    expectOnly(answer, 'NOT_FOUND');
    expect(answer.errors[0]?.message).toBe('VM "vm_1" was not found.');
    expect(gateway.log().filter((line) => line['level'] === 'error')).toEqual([]);
  });
});

describe('a refused argument', () => {
  it.each([
    ['too long', { name: 'too long' }, 'input.name'],
    ['nested', { name: 'x', contact: { email: SECRET } }, 'input.contact.email'],
  ])('names the field: %s', async (_title, input, field) => {
    const answer = await gateway.query(SAVE, { input });
    expectOnly(answer, 'INVALID_ARGUMENT');
    expect(answer.errors[0]?.extensions.details).toEqual({ field });
    expect(answer.errors[0]?.message.startsWith(`${field}: `)).toBe(true);
  });

  it.each([
    [
      'a wrong type',
      { name: [SECRET] },
      'input.name',
      'Variable "$input.name": Expected a value of the type "String".',
    ],
    [
      'a missing field',
      { password: SECRET },
      'input.name',
      'Variable "$input.name": Field "name" of required type "String!" was not provided.',
    ],
    [
      'an unknown field',
      { name: 'x', nope: SECRET },
      'input.nope',
      'Variable "$input.nope": Field "nope" is not defined by type "SaveInput".',
    ],
    [
      'a wrong number',
      { name: 'x', size: SECRET },
      'input.size',
      'Variable "$input.size": Expected a value of the type "Int".',
    ],
    ['no object', SECRET, 'input', 'Variable "$input": Expected type "SaveInput" to be an object.'],
    ['nothing', undefined, 'input', 'Variable "$input": A value of the type "SaveInput!" is required.'],
    ['null', null, 'input', 'Variable "$input": Expected non-nullable type "SaveInput!" not to be null.'],
  ])('in a variable is named without its value: %s', async (_title, input, field, message) => {
    const answer = await gateway.query(SAVE, { input });
    expectOnly(answer, 'INVALID_ARGUMENT');
    expect(answer.status).toBe(400);
    expect(answer.errors[0]).toMatchObject({ message, extensions: { details: { field } } });
  });

  it.each([
    `mutation { save(input: { name: 7${'7'.repeat(20)} }) }`.replace(
      '777',
      `"${SECRET}", size: "${SECRET}" # `,
    ) + '\n}) }',
    `mutation { save(input: "${SECRET}") }`,
    `mutation { save(input: { name: "x", size: "${SECRET}" }) }`,
    `{ vms(first: "${SECRET}") { totalCount } }`,
    `{ vms "${SECRET}" }`,
    `{ whoami ${'"'}${SECRET} }`,
  ])('in the document is refused without its value: %s', async (query) => {
    expectOnly(await gateway.query(query), 'INVALID_ARGUMENT');
  });

  it.each([
    ['first', 501, /^first: must be from 0 to 500\.$/],
    ['last', -1, /^last: must be from 0 to 500\.$/],
  ])('of a page names %s', async (argument, value, message) => {
    const answer = await gateway.query(`{ vms(${argument}: ${value}) { totalCount } }`);
    expectOnly(answer, 'INVALID_ARGUMENT');
    expect(answer.errors[0]?.message).toMatch(message);
    expect(answer.errors[0]?.extensions.details).toEqual({ field: argument });
  });

  it.each(['first: 1, last: 1', 'after: "nonsense"', 'before: "e30"'])(
    'of a page is refused: %s',
    async (args) => {
      expectOnly(await gateway.query(`{ vms(${args}) { totalCount } }`), 'INVALID_ARGUMENT');
    },
  );
});

describe('a refused request', () => {
  it.each([
    ['a syntax error', { query: '{' }, 400],
    ['an unknown field', { query: '{ nope }' }, 400],
    ['no query', {}, 400],
    ['an unknown operation', { query: 'query A { whoami }', operationName: 'B' }, 400],
    ['variables that are no object', { query: '{ whoami }', variables: SECRET }, 400],
    ['a batch', [{ query: '{ whoami }' }], 400],
    ['an empty batch', [], 400],
    ['a string', JSON.stringify(SECRET), 400],
    ['malformed JSON', `{"query": "${SECRET}`, 400],
    ['an empty body', '', 400],
    ['a polluting body', '{"__proto__": {"x": 1}, "query": "{ whoami }"}', 400],
    ['a subscription', { query: 'subscription { numbers }' }, 400],
  ])('says so: %s', async (_title, body, status) => {
    const answer = await gateway.post(body);
    expectOnly(answer, 'INVALID_ARGUMENT');
    expect(answer.status).toBe(status);
  });

  it('says that persisted queries are unsupported', async () => {
    const extensions = { persistedQuery: { version: 1, sha256Hash: 'x' } };
    expectOnly(await gateway.post({ extensions }), 'UNSUPPORTED');
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/xml',
  ])('of another media type: %s', async (type) => {
    const answer = await gateway.post('query=%7B__typename%7D', { 'content-type': type });
    expectOnly(answer, 'INVALID_ARGUMENT');
    expect(answer.status).toBe(415);
  });

  it('with too large a body', async () => {
    const answer = await gateway.query('{ whoami }', { pad: 'x'.repeat(256 * 1024) });
    expectOnly(answer, 'INVALID_ARGUMENT');
    expect(answer.status).toBe(413);
    expect(answer.errors[0]?.extensions.details).toEqual({ limit: 'bodyBytes', max: 262144, actual: null });
  });

  it.each([
    ['GET', '/graphql?query=%7B__typename%7D', 405, 'INVALID_ARGUMENT'],
    ['PUT', '/graphql', 405, 'INVALID_ARGUMENT'],
    ['GET', '/nowhere', 404, 'NOT_FOUND'],
    ['POST', '/', 404, 'NOT_FOUND'],
    ['GET', '/%', 400, 'INVALID_ARGUMENT'],
  ])('to another route: %s %s', async (method, path, status, code) => {
    const response = await fetch(gateway.server.url + path, { method });
    const body = (await response.json()) as { errors: GraphqlAnswer['errors'] };
    expect(response.status).toBe(status);
    expect(body.errors).toEqual([
      { message: expect.any(String), extensions: { code, requestId: response.headers.get('x-request-id') } },
    ]);
  });
});

describe('what is no HTTP', () => {
  it('is answered in the same shape', async () => {
    const socket = connect(gateway.server.port, '127.0.0.1');
    socket.end('GET / HTTP/9.9\r\n\r\n');
    const chunks = (await socket.toArray()) as Buffer[];
    const [head, body] = Buffer.concat(chunks).toString().split('\r\n\r\n');
    expect(head).toMatch(/^HTTP\/1\.1 400 /);
    expect(JSON.parse(body ?? '')).toEqual({
      errors: [
        {
          message: 'This is not valid HTTP.',
          extensions: { code: 'INVALID_ARGUMENT', requestId: expect.any(String) },
        },
      ],
    });
  });
});

describe('names out of the schema', () => {
  it('are suggested to those who may read it', async () => {
    expect((await gateway.query('{ whoam }')).errors[0]?.message).toContain('Did you mean "whoami"?');
  });

  it('are kept from others, and introspection is refused', async () => {
    const closed = await startGateway({ server: { introspection: false } });
    const answer = await closed.query('{ whoam }');
    expect(answer.errors[0]?.message).toBe('Cannot query field "whoam" on type "Query".');
    for (const query of ['{ __schema { __typename } }', '{ __type(name: "Vm") { name } }']) {
      expectOnly({ ...(await closed.query(query)) }, 'INVALID_ARGUMENT');
    }
    const unknown = await closed.query('mutation ($i: SaveInput!) { save(input: $i) }', {
      i: { nam: 'x', name: 'x' },
    });
    expect(unknown.errors[0]?.message).not.toContain('Did you mean');
  });
});

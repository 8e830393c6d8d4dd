import { getIntrospectionQuery } from 'graphql';
import { closeGateways, type Gateway, type GraphqlAnswer, startGateway } from './sample-gateway';

let gateway: Gateway;
beforeEach(async () => {
  gateway = await startGateway();
});
afterEach(closeGateways);

function nested(levels: number): string {
  return `{ all { ${'parent { '.repeat(levels)} id ${'} '.repeat(levels)} } }`;
}

function expectLimit(answer: GraphqlAnswer, limit: string, max: number): void {
  expect(answer.status).toBe(400);
  expect(answer.data).toBeNull();
  expect(answer.errors).toHaveLength(1);
  expect(answer.errors[0]?.extensions).toMatchObject({ code: 'INVALID_ARGUMENT', details: { limit, max } });
  const actual = answer.errors[0]?.extensions.details?.['actual'];
  if (actual !== null) expect(actual).toBeGreaterThan(max);
}

const aliases = (count: number) =>
  `{ ${Array.from({ length: count }, (_, n) => `a${n}: whoami`).join(' ')} }`;

describe('limits of a document', () => {
  it.each([
    ['depth', nested(11), 12],
    [
      'depth',
      `${nested(9).replace(' id ', ' ...A ')} fragment A on Vm { parts { id name } }`.replace(
        'id name',
        'parts { id }',
      ),
      12,
    ],
    ['aliases', aliases(16), 15],
    ['aliases', `{ ${Array.from({ length: 16 }, (_, n) => `a${n}: __typename`).join(' ')} }`, 15],
    [
      'aliases',
      `{ all { ...A ...B ...C } } fragment A on Vm { ...C } fragment B on Vm { ...C } fragment C on Vm { ${Array.from({ length: 6 }, (_, n) => `a${n}: id`).join(' ')} }`,
      15,
    ],
    [
      'directives',
      '{ whoami @skip(if: false) '.concat(
        ...Array.from({ length: 5 }, () => '__typename @include(if: true) '),
        '}',
      ),
      5,
    ],
    ['repeatedFields', `{ ${'__typename '.repeat(500)} }`, 10],
    ['tokens', `{ ${'__typename '.repeat(2000)} }`, 2000],
    ['cost', '{ vms(first: 500) { nodes { children(first: 500) { nodes { id } } } } }', 50_000],
    ['cost', '{ vms { nodes { children { nodes { children { nodes { id name } } } } } } }', 50_000],
    ['cost', `{ all { ${'parts { '.repeat(5)} id ${'} '.repeat(5)} } }`, 50_000],
  ])('%s', async (limit, query, max) => {
    expectLimit(await gateway.query(query), limit, max);
  });

  it('cost, when the page size is in a variable', async () => {
    const query = 'query ($n: Int) { vms(first: $n) { nodes { children(first: $n) { nodes { id } } } } }';
    expectLimit(await gateway.query(query, { n: 500 }), 'cost', 50_000);
    expect((await gateway.query(query, { n: 50 })).errors).toEqual([]);
  });

  it('hold for a document that was accepted before under other variables', async () => {
    const query = 'query ($n: Int) { vms(last: $n) { nodes { children(last: $n) { nodes { id } } } } }';
    expect((await gateway.query(query, { n: 2 })).errors).toEqual([]);
    expectLimit(await gateway.query(query, { n: 400 }), 'cost', 50_000);
  });

  it.each([
    nested(10),
    aliases(15),
    '{ vms(first: 500) { nodes { id name children(first: 10) { nodes { id } } } } }',
  ])('let through what stays within: %s', async (query) => {
    expect((await gateway.query(query)).errors).toEqual([]);
  });

  it('let the introspection of tools through', async () => {
    const full = {
      descriptions: true,
      specifiedByUrl: true,
      inputValueDeprecation: true,
      schemaDescription: true,
    };
    const answer = await gateway.query(getIntrospectionQuery(full), {}, { authorization: '' });
    expect(answer.errors).toEqual([]);
    expect(answer.data).toHaveProperty('__schema.types');
  });
});

/** The checks of graphql-cop, in its order, each against what it looks for. */
describe('the twelve checks of graphql-cop', () => {
  const refused = (answer: GraphqlAnswer) => {
    expect(answer.data).toBeNull();
    expect(answer.errors.length).toBeGreaterThan(0);
  };

  it('alias overloading', async () => {
    refused(
      await gateway.query(
        `query cop { ${Array.from({ length: 101 }, (_, n) => `alias${n}:__typename`).join(' \n')} }`,
      ),
    );
  });

  it('array-based query batching', async () => {
    refused(await gateway.post(Array.from({ length: 10 }, () => ({ query: 'query cop { __typename }' }))));
  });

  it('directive overloading', async () => {
    refused(await gateway.query(`query cop { __typename ${'@aa'.repeat(10)} }`));
    refused(await gateway.query(`query cop { __typename ${'@skip(if: false) '.repeat(10)} }`));
  });

  it('circular query via introspection', async () => {
    const circle =
      'fields { name type { fields { name type { fields { name type { fields { name } } } } } } }';
    refused(await gateway.query(`query cop { __schema { types { name ${circle} } } }`));
  });

  it('field duplication', async () => {
    refused(await gateway.query(`query cop { ${'__typename \n'.repeat(500)} }`));
  });

  it('mutations over GET', async () => {
    const response = await fetch(`${gateway.server.url}/graphql?query=mutation%20cop%7B__typename%7D`);
    expect(response.status).toBe(405);
  });

  it('queries over GET', async () => {
    const response = await fetch(`${gateway.server.url}/graphql?query=query%20cop%7B__typename%7D`);
    expect(response.status).toBe(405);
  });

  it('a POST by a form', async () => {
    const body = new URLSearchParams({ query: 'query cop { __typename }' });
    expect((await fetch(`${gateway.server.url}/graphql`, { method: 'POST', body })).status).toBe(415);
  });

  it('unhandled errors that tell too much', async () => {
    const answer = await gateway.query('qwerty cop { abc }');
    refused(answer);
    expect(answer.text).not.toMatch(/exception|stacktrace/i);
  });

  it('tracing', async () => {
    const answer = await gateway.query('query cop { __typename }', {}, { 'X-Apollo-Tracing': '1' });
    expect(JSON.parse(answer.text)).toEqual({ data: { __typename: 'Query' } });
  });

  it('introspection, field suggestions and an IDE, when they are switched off', async () => {
    const closed = await startGateway({ server: { introspection: false, ide: false } });
    refused(await closed.query('query cop { __schema { types { name fields { name } } } }'));
    expect((await closed.query('query cop { __schema { directive } }')).text).not.toContain('Did you mean');
    for (const path of ['/', '/graphiql', '/playground', '/graphql']) {
      const response = await fetch(closed.server.url + path, { headers: { accept: 'text/html' } });
      expect(await response.text()).not.toMatch(/<html|graphiql/i);
    }
  });
});

import { buildSchema, parse } from 'graphql';
import { shareKey } from './operation-shape';

const schema = buildSchema(`
  type Query { one: Int }
  type Subscription { events(of: ID, after: String): Event }
  type Event { id: ID, pages(after: String): Int }
`);
const key = (
  query: string,
  variableValues: Record<string, unknown> = {},
  audience = 'acme',
  operationName: string | null = null,
): string => shareKey({ schema, document: parse(query), variableValues, operationName }, audience, 'TASK');

const PLAIN = 'subscription ($of: ID, $after: String) { events(of: $of, after: $after) { id } }';

describe('the key under which subscriptions are shared', () => {
  it.each([
    ['where they begin', PLAIN, { after: 'a' }, PLAIN, { after: 'b' }],
    ['whether they begin somewhere', PLAIN, { after: 'a' }, PLAIN, {}],
    [
      'a beginning without a variable',
      'subscription { events(after: "a") { id } }',
      {},
      'subscription { events { id } }',
      {},
    ],
    [
      'a beginning inside of a fragment',
      'subscription { ...F } fragment F on Subscription { events(after: "a") { id } }',
      {},
      'subscription { ...F } fragment F on Subscription { events(after: "b") { id } }',
      {},
    ],
    ['white space', 'subscription { events { id } }', {}, 'subscription {\n events { id }\n}', {}],
    ['a variable that nothing uses', PLAIN, { of: 'x', other: 1 }, PLAIN, { of: 'x', other: 2 }],
  ])('leaves out %s', (_title, one, variables, other, others) => {
    expect(key(one, variables)).toBe(key(other, others));
  });

  it.each([
    ['other fields', 'subscription { events { id } }', {}, 'subscription { events { __typename } }', {}],
    ['an alias', 'subscription { events { id } }', {}, 'subscription { e: events { id } }', {}],
    ['other variables', PLAIN, { of: 'x' }, PLAIN, { of: 'y' }],
    ['null instead of nothing', PLAIN, { of: null }, PLAIN, {}],
    [
      'an `after` that is not the subscription’s own',
      'subscription ($after: String) { events(after: $after) { pages(after: $after) } }',
      { after: 'a' },
      'subscription ($after: String) { events(after: $after) { pages(after: $after) } }',
      { after: 'b' },
    ],
  ])('tells apart %s', (_title, one, variables, other, others) => {
    expect(key(one, variables)).not.toBe(key(other, others));
  });

  it('tells apart who may see what', () => {
    expect(key(PLAIN, {}, 'acme')).not.toBe(key(PLAIN, {}, 'bolt'));
  });

  it('tells apart the operations of one document', () => {
    const two = 'subscription A { events { id } } subscription B { events { id } }';
    expect(key(two, {}, 'acme', 'A')).not.toBe(key(two, {}, 'acme', 'B'));
  });
});

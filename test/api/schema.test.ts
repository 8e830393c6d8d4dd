import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  buildSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
} from 'graphql';
import type { GraphQLField, GraphQLInputField, GraphQLSchema } from 'graphql';
import { describeApi } from '../../src/gateway/api-resolvers';
import { printApiSchema, undescribedElements } from '../../src/graphql';
import { ERROR_CODES } from '../../src/kernel';

const schema = describeApi();

interface Quantity {
  readonly path: string;
  readonly name: string;
  readonly description: string;
}

/** Every Int and Float among fields, arguments and input fields. */
function numbersOf(described: GraphQLSchema): Quantity[] {
  const types = Object.values(described.getTypeMap()).filter((type) => !isIntrospectionType(type));
  return types.flatMap((type) => {
    if (!isObjectType(type) && !isInterfaceType(type) && !isInputObjectType(type)) return [];
    const fields: (GraphQLField<unknown, unknown> | GraphQLInputField)[] = Object.values(type.getFields());
    return fields.flatMap((field) => {
      const args = 'args' in field ? field.args : [];
      return [field, ...args]
        .filter(({ type: of }) => ['Int', 'Float'].includes(getNamedType(of).name))
        .map(({ name, description }) => ({
          path: `${type.name}.${field.name}${name === field.name ? '' : `(${name}:)`}`,
          name,
          description: description ?? '',
        }));
    });
  });
}

/** What the description of a number has to say, by the end of its name. */
const UNITS: readonly (readonly [RegExp, RegExp])[] = [
  [/Mib$/, /\bMiB\b/],
  [/Gib$/, /\bGiB\b/],
  [/Bytes$/, /\bbytes\b/],
  [/Ms$/, /\bmilliseconds\b/],
  [/^progress$/, /\bpercent\b/],
  [/^cpuCount$/, /\b(Virtual CPUs|Processors)\b/],
  [/^(first|last)$/, /\bentries\b/],
  [/^(vms|networks)$/, /\bNumber of\b/],
  [/^totalCount$/, /\bEntries\b/],
  [/^queuePosition$/, /\btasks\b/],
  [/^attempts$/, /\bHow often\b/],
  [/^(orphans|missing|copies)$/, /\bVMs and networks\b/],
];

function withoutUnit(described: GraphQLSchema): string[] {
  return numbersOf(described)
    .filter(({ name, description }) => !UNITS.some(([of, said]) => of.test(name) && said.test(description)))
    .map(({ path }) => path);
}

/** The mutations without `input.idempotencyKey: String`, and all that is said of that field. */
function withoutKey(described: GraphQLSchema): { mutations: string[]; descriptions: string[] } {
  const keys = Object.values(described.getMutationType()!.getFields()).map(({ name, args }) => {
    const input = getNamedType(args.find((arg) => arg.name === 'input')?.type);
    return { name, key: isInputObjectType(input) ? input.getFields()['idempotencyKey'] : undefined };
  });
  const said = keys.flatMap(({ key }) => (key ? [key.description ?? ''] : []));
  return {
    mutations: keys.filter(({ key }) => String(key?.type) !== 'String').map(({ name }) => name),
    descriptions: [...new Set(said)],
  };
}

describe('the schema', () => {
  it('describes everything that it has', () => {
    expect(undescribedElements(schema)).toEqual([]);
  });

  it('says of every number what it counts, and in what unit', () => {
    expect(numbersOf(schema).length).toBeGreaterThan(30);
    expect(withoutUnit(schema)).toEqual([]);
  });

  it('would not get away with a number that does not', () => {
    const vague = buildSchema(`
      type Query { "How large it is." memoryMib: Int "Some." weight(  "Which." sizeGib: Int): Int "In MiB." freeMib: Int }
    `);
    expect(withoutUnit(vague)).toEqual(['Query.memoryMib', 'Query.weight', 'Query.weight(sizeGib:)']);
  });

  it('is the one that is committed', () => {
    const committed = readFileSync(join(__dirname, '../../schema/schema.graphql'), 'utf8');
    expect(printApiSchema(schema)).toBe(committed);
  });

  it('names inputs and payloads after their mutations', () => {
    for (const { name, args, type } of Object.values(schema.getMutationType()!.getFields())) {
      const capital = name.charAt(0).toUpperCase() + name.slice(1);
      expect(args.map((arg) => `${arg.name}: ${String(arg.type)}`)).toEqual([`input: ${capital}Input!`]);
      expect(String(type)).toBe(`${capital}Payload!`);
    }
  });

  it('takes an idempotency key with every mutation, and says the same of each', () => {
    const missing = withoutKey(schema);
    expect(missing.mutations).toEqual([]);
    expect(missing.descriptions).toHaveLength(1);
  });

  it('would not get away with a mutation that takes none, or none that may be left out', () => {
    const forgetful = buildSchema(`
      type Query { a: Int }
      input GoodInput { "Said." idempotencyKey: String }
      input BadInput { id: ID! }
      input StrictInput { "Said otherwise." idempotencyKey: String! }
      type Mutation { good(input: GoodInput!): Int bad(input: BadInput!): Int strict(input: StrictInput!): Int none: Int }
    `);
    expect(withoutKey(forgetful)).toEqual({
      mutations: ['bad', 'strict', 'none'],
      descriptions: ['Said.', 'Said otherwise.'],
    });
  });

  it('lists the closed codes where it speaks of them', () => {
    const error = schema.getType('TaskError');
    const said = isObjectType(error) ? error.getFields()['code']?.description : '';
    for (const code of ERROR_CODES) expect(said).toContain(code);
    for (const type of Object.values(schema.getTypeMap())) {
      if (isEnumType(type)) expect(type.getValues().length).toBeGreaterThan(1);
    }
  });
});

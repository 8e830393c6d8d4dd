import { getNamedType, isInputObjectType, isListType, getNullableType } from 'graphql';
import type { GraphQLInputType } from 'graphql';
import { ERROR_CODES } from '../../src/kernel';
import { allFields, documentFor } from './schema-walk';
import { makeWorld, rowsOf, SCHEMA, withValue } from './world';
import type { World } from './world';

const HOSTILE = ['', '\0', '\r\n', 'a]]>b', '\ud800', '__proto__', "' OR 1=1 --", '%', 'x'.repeat(20_000)];
const INSIDES = /\.(ts|js):\d|node_modules|SQLITE|\bSELECT |TypeORM|QueryFailed|at Object\./;

/** The paths of all texts and ids among a field's arguments; not those inside lists of objects. */
function textPaths(coordinate: string): string[] {
  const inside = (path: string, type: GraphQLInputType): string[] => {
    const named = getNamedType(type);
    if (named.name === 'String' || named.name === 'ID') return [path];
    if (!isInputObjectType(named) || isListType(getNullableType(type))) return [];
    return Object.values(named.getFields()).flatMap((field) => inside(`${path}.${field.name}`, field.type));
  };
  return allFields(SCHEMA)
    .get(coordinate)!
    .args.flatMap((arg) => inside(arg.name, arg.type));
}

let world: World;
beforeAll(async () => {
  world = await makeWorld();
}, 30_000);
afterAll(() => world.gateway.close());

const paths = [...rowsOf('query'), ...rowsOf('mutation')].flatMap(([coordinate, row]) =>
  textPaths(coordinate).map((path) => [coordinate, path, row] as const),
);

describe('hostile text', () => {
  it.each(paths)('in %s(%s) is taken or refused, and never a fault', async (coordinate, path, row) => {
    const { text } = documentFor(SCHEMA, coordinate, 1);
    const own = row.variables(world.ofA);
    const answers = await Promise.all(
      HOSTILE.map((hostile) =>
        world.admin.ask(text, path === 'slug' ? { slug: hostile } : withValue(own, path, hostile)),
      ),
    );
    for (const answer of answers) {
      for (const { message, extensions } of answer.errors) {
        expect(ERROR_CODES.filter((code) => code !== 'INTERNAL')).toContain(extensions.code);
        expect(message.length).toBeLessThan(1_000);
      }
      expect(answer.text).not.toMatch(INSIDES);
    }
  });

  it('left no fault and no second line in the log', () => {
    const lines = world.gateway.log().trimEnd().split('\n');
    const levels = lines.map((line) => (JSON.parse(line) as { level: string }).level);
    expect(levels.filter((level) => level === 'error')).toEqual([]);
  });
});

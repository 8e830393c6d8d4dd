import { buildSchema, parse, validate } from 'graphql';
import { literalField } from './literal-field';

const schema = buildSchema(`
  scalar Moment
  enum Colour { RED BLUE }
  input Label { name: String! value: Int }
  input Paint { colours: [Colour!] labels: [Label!] at: Moment name: String! }
  type Query { paint(input: Paint!, times: Int): Int }
`);

const fields = (text: string): (string | null)[] => validate(schema, parse(text)).map(literalField);

test.each([
  ['a member', '{ paint(input: { name: 7 }) }', 'input.name'],
  ['an argument', '{ paint(input: { name: "a" }, times: "often") }', 'times'],
  ['an element of a list', '{ paint(input: { name: "a", colours: [RED, GREEN] }) }', 'input.colours[1]'],
  [
    'a member of an element',
    '{ paint(input: { name: "a", labels: [{ name: "a", value: 1.5 }] }) }',
    'input.labels[0].value',
  ],
  ['a member that there is none of', '{ paint(input: { name: "a", size: 1 }) }', 'input.size'],
  ['a member that is missing', '{ paint(input: { name: "a", labels: [{}] }) }', 'input.labels[0].name'],
  ['an argument that is missing', '{ paint }', 'input'],
  [
    'the right one of two equal values',
    '{ a: paint(input: { name: "7" }) paint(input: { name: 7 }) }',
    'input.name',
  ],
])('names %s', (_what, text, field) => {
  expect(fields(text)).toEqual([field]);
});

test('names nothing where it is no value that was refused', () => {
  expect(fields('{ colour }')).toEqual([null]);
  const byDefault = (value: string) =>
    `query ($i: Paint = ${value}, $l: [Int] = [1, "a"]) { paint(input: $i) }`;
  expect(fields(byDefault('{ name: 7 }')).every((field) => field === null)).toBe(true);
});

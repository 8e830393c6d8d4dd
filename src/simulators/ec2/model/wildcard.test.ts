import { matcher } from './wildcard';

describe('the patterns of a filter', () => {
  it.each([
    ['abc', 'abc', true],
    ['abc', 'abcd', false],
    ['*', '', true],
    ['a*c', 'abbc', true],
    ['a*c', 'abcd', false],
    ['*b*b*', 'abab', true],
    ['a?c', 'abc', true],
    ['a?c', 'ac', false],
    ['?', '\u{1F600}', true],
    ['a\\*c', 'a*c', true],
    ['a\\*c', 'abc', false],
    ['a\\\\b*', 'a\\bc', true],
    ['a.c', 'abc', false],
    ['run(*', 'run(ning', true],
  ])('%s and %s: %s', (pattern, text, expected) => {
    expect(matcher(pattern)(text)).toBe(expected);
  });

  it('does not take for ever', () => {
    expect(matcher(`${'*a'.repeat(200)}b`)('a'.repeat(5_000))).toBe(false);
  });
});

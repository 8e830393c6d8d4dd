import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ALL_CASES } from './cases';

const page = readFileSync(join(__dirname, '../../docs/provider-contract.md'), 'utf8');
const cases = [...new Set(ALL_CASES.map(({ capability, name }) => `${capability}: ${name}`))];

/** The last column of every table: names of cases, in which `*` stands for any text. */
const patterns = page
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| rule'))
  .flatMap((line) =>
    [...(line.split(' | ').at(-1) ?? '').matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? ''),
  )
  .filter((name) => !name.endsWith('.test.ts'));

function matches(pattern: string, name: string): boolean {
  const source = pattern.split('*').map((text) => text.replaceAll(/[.()?+[\]{}|^$\\]/g, '\\$&'));
  return new RegExp(`^${source.join('.*')}$`).test(name);
}

test('every case stands beside a rule of the contract', () => {
  expect(cases.filter((name) => !patterns.some((pattern) => matches(pattern, name)))).toEqual([]);
});

test('every name on the page is a case', () => {
  expect(patterns.length).toBeGreaterThan(50);
  expect(patterns.filter((pattern) => !cases.some((name) => matches(pattern, name)))).toEqual([]);
});

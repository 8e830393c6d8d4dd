/**
 * Reads `[{ "dir": …, "entries": […] }]` from standard input, checks each tree against the project's import rules
 * and prints the rules' names and, per tree, what it violates. A process of its own, because dependency-cruiser is an ES
 * module and the test runner loads CommonJS.
 */
import { createRequire } from 'node:module';
import { text } from 'node:stream/consumers';
import { cruise } from 'dependency-cruiser';

const { forbidden, options } = createRequire(import.meta.url)('../../.dependency-cruiser.cjs');
const { enhancedResolveOptions, ...cruiseOptions } = options;

const found = [];
for (const { dir, entries } of JSON.parse(await text(process.stdin))) {
  const { output } = await cruise(
    entries,
    { ...cruiseOptions, ruleSet: { forbidden }, validate: true, baseDir: dir },
    { ...enhancedResolveOptions, extensions: ['.ts', '.js', '.mjs', '.cjs', '.json'] },
  );
  found.push(output.summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to })));
}
console.log(JSON.stringify({ rules: forbidden.map(({ name }) => name), found }));

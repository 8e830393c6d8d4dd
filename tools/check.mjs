/**
 * Every quality gate, one after the other: a red stage does not hide the ones behind it. The verdicts also go
 * to reports/check.json for a machine to add up. `npm run check -- lint types` runs only those named.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';

/** The emitted SDL comes from the built output, so `build` stands first. */
const STAGES = ['build', 'format:check', 'lint', 'types', 'deps', 'unused', 'sdl:check'];

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !STAGES.includes(name));
if (unknown.length > 0) {
  console.error(`Unknown stage ${unknown.join(', ')}. There are: ${STAGES.join(', ')}.`);
  process.exit(2);
}

const results = [];
for (const name of STAGES.filter((stage) => wanted.length === 0 || wanted.includes(stage))) {
  console.log(`\n── ${name} ──`);
  const startedAt = Date.now();
  const { status } = spawnSync('npm', ['run', '--silent', name], { stdio: 'inherit' });
  results.push({ name, passed: status === 0, durationMs: Date.now() - startedAt });
}

mkdirSync('reports', { recursive: true });
writeFileSync('reports/check.json', `${JSON.stringify({ stages: results }, null, 2)}\n`);

console.log('');
for (const { name, passed, durationMs } of results) {
  console.log(`${passed ? 'ok  ' : 'FAIL'}  ${name.padEnd(14)} ${(durationMs / 1000).toFixed(1)} s`);
}
process.exit(results.every(({ passed }) => passed) ? 0 : 1);

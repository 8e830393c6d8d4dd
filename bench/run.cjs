'use strict';

/**
 * `npm run bench` runs every benchmark, `npm run bench -- NAME…` those named: bench/NAME/index.ts exports an
 * async `run()`. The files are compiled in memory, by the same .swcrc that the tests use, because a benchmark
 * has no place in the build that ships.
 */
const { readdirSync } = require('node:fs');
const Module = require('node:module');
const { join } = require('node:path');
const { transformFileSync } = require('@swc/core');

Module._extensions['.ts'] = (module, path) => {
  const { code } = transformFileSync(path, {
    configFile: join(__dirname, '../.swcrc'),
    sourceMaps: 'inline',
  });
  module._compile(code, path);
};

const folders = readdirSync(__dirname, { withFileTypes: true }).filter((entry) => entry.isDirectory());
const names = folders.map(({ name }) => name).sort();

async function main(wanted) {
  const unknown = wanted.filter((name) => !names.includes(name));
  if (unknown.length > 0)
    throw new Error(`No benchmark ${unknown.join(', ')}. There are: ${names.join(', ')}.`);
  for (const name of wanted.length > 0 ? wanted : names) {
    console.log(`\n── ${name} ──`);
    await require(join(__dirname, name, 'index.ts')).run();
  }
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error);
  process.exitCode = 1;
});

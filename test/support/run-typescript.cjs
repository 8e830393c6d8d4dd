'use strict';

/**
 * `node run-typescript.cjs FILE.ts` runs a file of the sources in a process of its own, for tests that have to kill it.
 * Compiled in memory by the .swcrc that the other tests use, so that no test depends on a build.
 */
const Module = require('node:module');
const { join, resolve } = require('node:path');
const { transformFileSync } = require('@swc/core');

Module._extensions['.ts'] = (module, path) => {
  const { code } = transformFileSync(path, { configFile: join(__dirname, '../../.swcrc') });
  module._compile(code, path);
};

require(resolve(process.argv[2]));

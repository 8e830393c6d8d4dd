'use strict';

const { availableParallelism } = require('node:os');

/** How TypeScript is compiled stands in .swcrc, which the benchmarks read too. */
const transform = { '^.+\\.ts$': '@swc/jest' };

const common = {
  transform,
  testEnvironment: '<rootDir>/test/support/clean-exit-environment.cjs',
  rootDir: __dirname,
  // A module that is loaded late has to be named as it will be when it is compiled.
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
};

/** Gateways that are killed: each death costs a start, so that these tests have a command of their own. */
const CRASHES = ['<rootDir>/test/crash/', '<rootDir>/test/chaos/protections/'];

/**
 * Three projects: `unit` needs nothing but npm; `peers` talks to real servers that `npm run peers` started; `crash` kills
 * gateways, some of them on MariaDB.
 */
module.exports = {
  // Ends a test that hangs. Not a measure of anything: the machine may be busy, and has as many workers as below.
  testTimeout: 60_000,
  // Most tests wait more than they compute, so that few cores serve more of them than there are cores.
  maxWorkers: Math.max(4, availableParallelism()),
  projects: [
    {
      ...common,
      displayName: 'unit',
      testMatch: ['<rootDir>/src/**/*.test.ts', '<rootDir>/test/**/*.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', '/dist/', '<rootDir>/test/peers/', ...CRASHES],
    },
    {
      ...common,
      displayName: 'peers',
      testMatch: ['<rootDir>/test/peers/**/*.test.ts'],
    },
    {
      ...common,
      displayName: 'crash',
      testMatch: CRASHES.map((folder) => `${folder}**/*.test.ts`),
    },
  ],
};

'use strict';

/**
 * Who may import whom. The rules are numbered as in docs/architecture.md, and
 * test/architecture/dependency-rules.test.ts breaks every one of them on purpose to see it bite.
 */

/** Upstream first. A noun imports only what stands in an earlier row; two in one row do not know each other. */
const NOUN_ROWS = [
  ['tenants'],
  ['backends'],
  ['allocations'],
  ['templates', 'networks'],
  ['vms'],
  ['inventory'],
];
const NOUNS = NOUN_ROWS.flat();
/** What the nouns stand on. Of these, tasks builds on events, and both on the database. */
const GROUND = [
  'broker',
  'config',
  'database',
  'duties',
  'graphql',
  'idempotency',
  'installation',
  'events',
  'tasks',
];
/** Those that are cut into store, table and the like just as a noun is, and have an index.ts for their face. */
const SLICED = ['duties', 'idempotency', 'installation', 'events', 'tasks'];
/** What main.ts starts, and the other commands: they put everything together and may import whatever they need. */
const COMPOSITION = ['gateway', 'commands'];
const FOLDERS = [...NOUNS, ...GROUND, 'kernel', 'providers', 'simulators', ...COMPOSITION];

const any = (names) => `(${names.join('|')})`;
const noun = any(NOUNS);
const TEST = '\\.test\\.ts$';
const ROOTS = `^src/([^/]+\\.ts$|${any(COMPOSITION)}/)`;
const library = (name) => `(^|/)node_modules/(@types/)?${name}/|^${name}$`;
const role = (...roles) => `\\.${any(roles)}\\.ts$`;

const notUpstreamOf = (name, index) =>
  NOUN_ROWS.slice(index)
    .flat()
    .filter((other) => other !== name);
const nounOrder = NOUN_ROWS.flatMap((row, index) =>
  row
    .filter((name) => notUpstreamOf(name, index).length > 0)
    .map((name) => ({
      name: `2-noun-order-${name}`,
      comment: `${name} may import only the nouns upstream of it.`,
      severity: 'error',
      from: { path: `^src/${name}/` },
      to: { path: `^src/${any(notUpstreamOf(name, index))}/` },
    })),
);

/** Within a noun each layer sees the next one only; what it must not see is listed per role. */
const LAYER_RULES = [
  ['resolver', ['store', 'table']],
  ['type', ['resolver', 'service', 'store', 'table', 'workflow']],
  ['loader', ['resolver', 'type', 'table']],
  ['workflow', ['resolver', 'type', 'table']],
  ['service', ['resolver', 'type', 'table']],
  ['store', ['resolver', 'type', 'service', 'loader', 'workflow']],
  ['table', ['resolver', 'type', 'service', 'loader', 'workflow', 'store']],
];
const nounLayers = LAYER_RULES.map(([from, forbidden]) => ({
  name: `5-layers-${from}`,
  comment: `resolver → service → store → table: a ${from} does not import ${forbidden.join(', ')}.`,
  severity: 'error',
  from: { path: `^src/(${any([...NOUNS, ...SLICED])})/.*\\.${from}\\.ts$` },
  to: { path: `^src/$1/.*${role(...forbidden)}` },
}));

const forbidden = [
  {
    name: '1-kernel-alone',
    comment: 'The kernel imports nothing of ours.',
    severity: 'error',
    from: { path: '^src/kernel/' },
    to: { path: '^(src|test|bench)/', pathNot: '^src/kernel/' },
  },
  ...nounOrder,
  {
    name: '3-no-noun-below',
    comment: 'What the nouns stand on serves them all and knows none of them.',
    severity: 'error',
    from: { path: `^src/${any(GROUND)}/`, pathNot: TEST },
    to: { path: `^src/${noun}/` },
  },
  {
    name: '3-tasks-below-nouns',
    comment: 'The engine drives workflows and backends only through what was registered with it.',
    severity: 'error',
    from: { path: `^src/${any(GROUND)}/`, pathNot: TEST },
    to: { path: '^src/(providers|simulators)/' },
  },
  {
    name: '3-events-below-tasks',
    comment: 'kernel ← database ← events ← tasks: what stands lower does not look up.',
    severity: 'error',
    from: { path: '^src/events/', pathNot: TEST },
    to: { path: '^src/tasks/' },
  },
  {
    name: '3-database-below-events',
    comment: 'kernel ← database ← events ← tasks: what stands lower does not look up.',
    severity: 'error',
    from: { path: '^src/database/', pathNot: TEST },
    to: { path: '^src/(events|tasks)/' },
  },
  {
    name: '4-nouns-through-index',
    comment: "Across nouns only through the other's index.ts.",
    severity: 'error',
    from: { path: `^src/(${noun})/` },
    to: {
      path: `^src/${any([...NOUNS, ...SLICED, 'kernel'])}/`,
      pathNot: ['^src/$1/', '^src/[^/]+/index\\.ts$'],
    },
  },
  ...nounLayers,
  {
    name: '5-domain-plain',
    comment: 'A domain file (vms/vm.ts) holds plain types and pure rules: no library, no layer of its noun.',
    severity: 'error',
    from: { path: '^src/([a-z-]+)s/\\1\\.ts$', pathNot: '^src/simulators/' },
    to: {
      path: ['node_modules/', `^src/.*${role(...LAYER_RULES.map(([from]) => from))}`],
    },
  },
  {
    name: '6-provider-island',
    comment: 'A provider imports only the contract, the kernel and itself.',
    severity: 'error',
    from: { path: '^src/providers/([^/]+)/', pathNot: '^src/providers/contract/' },
    to: { path: '^src/', pathNot: ['^src/providers/($1|contract)/', '^src/kernel/'] },
  },
  {
    name: '6-contract-below-providers',
    comment: 'The contract knows no provider.',
    severity: 'error',
    from: { path: '^src/providers/contract/' },
    to: { path: '^src/', pathNot: ['^src/providers/contract/', '^src/kernel/'] },
  },
  {
    name: '6-only-registry-names-providers',
    comment: 'Only the registry imports providers: adding one is a folder and a line.',
    severity: 'error',
    from: { path: '^src/', pathNot: ['^src/providers/', ROOTS] },
    to: { path: '^src/providers/[^/]+/', pathNot: '^src/providers/contract/' },
  },
  {
    name: '6-contract-through-index',
    comment: 'Outside the providers the contract has one face, its index.ts.',
    severity: 'error',
    from: { path: '^src/', pathNot: ['^src/providers/', TEST] },
    to: { path: '^src/providers/contract/', pathNot: '^src/providers/contract/index\\.ts$' },
  },
  {
    name: '6-only-root-takes-registry',
    comment: 'Only the composition root imports the registry.',
    severity: 'error',
    from: { path: '^src/', pathNot: [ROOTS, TEST] },
    to: { path: '^src/providers/registry\\.ts$' },
  },
  {
    name: '6-simulator-island',
    comment: 'A simulator that shared code with a provider would share its mistakes and prove nothing.',
    severity: 'error',
    from: { path: '^src/simulators/' },
    to: { path: '^src/', pathNot: ['^src/simulators/', '^src/kernel/'] },
  },
  {
    name: '6-only-root-takes-simulators',
    comment: 'Nothing but the composition root knows that a backend may be simulated.',
    severity: 'error',
    from: { path: '^src/', pathNot: ['^src/simulators/', ROOTS, TEST] },
    to: { path: '^src/simulators/' },
  },
  {
    name: '6-nobody-imports-the-root',
    comment: 'The composition root hands things down; nothing below reaches up for it.',
    severity: 'error',
    from: { path: '^src/', pathNot: ROOTS },
    to: { path: ROOTS },
  },
  {
    name: '7-type-graphql-at-the-edge',
    comment: 'type-graphql only in *.type.ts, *.resolver.ts and graphql/.',
    severity: 'error',
    from: { path: '^src/', pathNot: [TEST, ROOTS, '^src/graphql/', role('type', 'resolver')] },
    to: { path: library('type-graphql') },
  },
  {
    name: '7-typeorm-in-the-store',
    comment: 'typeorm only in *.table.ts, *.store.ts, database/ and ormconfig.ts.',
    severity: 'error',
    from: { path: '^src/', pathNot: [TEST, ROOTS, '^src/database/', role('table', 'store')] },
    to: { path: library('typeorm') },
  },
];

const hygiene = [
  {
    name: 'no-circular',
    comment: 'Two files that need each other are one file, or miss a third.',
    severity: 'error',
    from: {},
    to: { circular: true },
  },
  {
    name: 'no-folder-cycle',
    comment: 'Nouns that need each other are one noun, even where no two of their files do.',
    severity: 'error',
    scope: 'folder',
    from: { path: `^src/${any([...NOUNS, ...SLICED])}$` },
    to: { circular: true, path: `^src/${any([...NOUNS, ...SLICED])}$` },
  },
  {
    name: 'no-orphans',
    comment: 'A file that nobody imports and that imports nobody is left over.',
    severity: 'error',
    from: {
      orphan: true,
      pathNot: [
        TEST,
        ROOTS,
        '\\.d\\.ts$',
        '\\.(mjs|cjs)$',
        '(^|/)[^/]+\\.config\\.[a-z]+$',
        '^bench/[^/]+/index\\.ts$',
      ],
    },
    to: {},
  },
  {
    name: 'no-dev-dependencies-in-src',
    comment: 'What runs in production must be installed in production.',
    severity: 'error',
    from: { path: '^src/', pathNot: TEST },
    to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'no-undeclared-packages',
    comment: 'Import only what package.json lists.',
    severity: 'error',
    from: {},
    to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
  },
  {
    name: 'no-unresolvable',
    comment: 'An import that resolves to nothing fails at run time.',
    severity: 'error',
    from: {},
    to: { couldNotResolve: true },
  },
  {
    name: 'no-test-code-in-src',
    comment: 'Production code does not load tests or benchmarks.',
    severity: 'error',
    from: { path: '^src/', pathNot: TEST },
    to: { path: ['^(test|bench)/', TEST] },
  },
  {
    name: 'known-folders-only',
    comment: 'A new folder under src takes its place in NOUN_ROWS or GROUND first.',
    severity: 'error',
    from: {},
    to: { path: '^src/[^/]+/', pathNot: `^src/${any(FOLDERS)}/` },
  },
];

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [...forbidden, ...hygiene],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|coverage|reports)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      mainFields: ['main', 'types'],
    },
  },
};

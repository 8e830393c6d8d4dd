import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { lawful, violations } from './import-fixtures';
import type { Tree } from './import-fixtures';

interface Found {
  readonly rule: string;
  readonly from: string;
  readonly to: string;
}

interface Report {
  readonly rules: readonly string[];
  /** Per tree, in the order asked for. */
  readonly found: readonly (readonly Found[])[];
}

const root = join(__dirname, '../..');
const packages = { dependencies: ['type-graphql', 'typeorm', 'zod'], devDependencies: ['jest'] };

/** Declared packages and one that is only installed. */
function installPackages(dir: string): void {
  const versions = (names: readonly string[]): object =>
    Object.fromEntries(names.map((name) => [name, '1.0.0']));
  const manifest = {
    name: 'tree',
    dependencies: versions(packages.dependencies),
    devDependencies: versions(packages.devDependencies),
  };
  write(dir, { 'package.json': JSON.stringify(manifest) });
  for (const name of [...packages.dependencies, ...packages.devDependencies, 'undeclared']) {
    const own = JSON.stringify({ name, version: '1.0.0', main: 'index.js' });
    write(join(dir, 'node_modules', name), { 'package.json': own, 'index.js': 'exports.thing = 1;' });
  }
}

function write(dir: string, tree: Tree): void {
  for (const [path, source] of Object.entries(tree)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), source);
  }
}

function cruise(trees: readonly { readonly dir: string; readonly entries: readonly string[] }[]): Report {
  const script = join(__dirname, 'cruise-trees.mjs');
  const output = execFileSync(process.execPath, [script], { input: JSON.stringify(trees), cwd: root });
  return JSON.parse(output.toString()) as Report;
}

describe('the import rules', () => {
  let dir: string;
  let report: Report;

  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'hypergate-imports-'));
    const trees = [lawful, ...violations.map(({ tree }) => tree)].map((tree, index) => {
      const own = join(dir, String(index));
      write(own, tree);
      installPackages(own);
      return { dir: own, entries: Object.keys(tree) };
    });
    report = cruise(trees);
  }, 60_000);

  afterAll(() => {
    rmSync(dir, { recursive: true });
  });

  test('accept the tree they are meant for', () => {
    expect(report.found[0]).toEqual([]);
  });

  test.each(violations.map(({ rule, wrong }, index) => ({ rule, wrong, index })))(
    '$rule notices that $wrong',
    ({ rule, index }) => {
      expect(report.found[index + 1]?.map((violation) => violation.rule)).toContain(rule);
    },
  );

  test('are each broken by a tree above', () => {
    const proven = new Set(violations.map(({ rule }) => rule));
    expect(report.rules.filter((name) => !proven.has(name))).toEqual([]);
  });

  test('hold in the whole repository', () => {
    const present = readdirSync(root);
    const entries = ['src', 'test', 'bench', 'ormconfig.ts'].filter((name) => present.includes(name));
    expect(cruise([{ dir: root, entries }]).found).toEqual([[]]);
  }, 60_000);
});

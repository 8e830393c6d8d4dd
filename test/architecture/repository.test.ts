import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly overrides: Readonly<Record<string, string>>;
}

const root = join(__dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const manifest = JSON.parse(read('package.json')) as Manifest;

function filesBelow(...folders: readonly string[]): string[] {
  const present = readdirSync(root);
  return folders
    .filter((folder) => present.includes(folder))
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((path) =>
        join(folder, path),
      ),
    );
}

describe('the packages', () => {
  const lock = JSON.parse(read('package-lock.json')) as { packages: Record<string, Manifest> };
  const { dependencies, devDependencies, overrides } = manifest;

  test.each(Object.entries({ ...dependencies, ...devDependencies, ...overrides }))(
    '%s is pinned to one version (%s)',
    (_name, version) => {
      expect(version).toMatch(/^\d+\.\d+\.\d+(-[0-9a-z.]+)?$/);
    },
  );

  test('are locked without naming the registry they came from', () => {
    expect(read('package-lock.json')).not.toContain('"resolved"');
  });

  test('are locked for every platform, without which `npm ci` may refuse the lock', () => {
    const missing = Object.values(lock.packages)
      .flatMap(({ optionalDependencies = {} }) => Object.keys(optionalDependencies))
      .filter((name) => !Object.keys(lock.packages).some((path) => path.endsWith(`node_modules/${name}`)));
    expect(missing).toEqual([]);
  });

  test('are locked as package.json asks for them', () => {
    expect(lock.packages['']).toMatchObject({ dependencies, devDependencies });
  });
});

describe('the files', () => {
  const files = filesBelow('src', 'test', 'bench', 'tools');

  test('are named after what they hold', () => {
    const vague = /(^|[-.])(utils?|helpers?|commons?|managers?|misc|part\d*)([-.]|$)/;
    expect(files.filter((path) => vague.test(basename(path)))).toEqual([]);
  });

  test('are named in kebab-case with the role as suffix', () => {
    const sources = files.filter((path) => path.endsWith('.ts') && !path.includes('migrations'));
    const kebab = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*\.ts$/;
    expect(sources.filter((path) => !kebab.test(basename(path)))).toEqual([]);
  });

  test('of the shell stop at the first error', () => {
    const scripts = files
      .filter((path) => path.endsWith('.sh'))
      .filter((path) => read(path).startsWith('#!'));
    expect(scripts.filter((path) => !/^set -euo pipefail$/m.test(read(path)))).toEqual([]);
    expect(read('.ci/run')).toMatch(/^set -euo pipefail$/m);
  });
});

import eslint from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const TYPESCRIPT = ['**/*.ts'];
const TESTS = ['**/*.test.ts', 'test/**/*.ts'];
const TOOL_CONFIGS = ['ormconfig.ts', '*.config.{js,mjs,ts}'];

/** Promises that nobody waits for, and switches that forget a state, are the bugs a task engine dies of. */
const asynchronyAndStates = {
  '@typescript-eslint/no-floating-promises': ['error', { ignoreVoid: true }],
  '@typescript-eslint/no-misused-promises': 'error',
  '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
  '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
  '@typescript-eslint/only-throw-error': 'error',
  '@typescript-eslint/prefer-promise-reject-errors': 'error',
  // An async method turns a throw into a rejection; an interface of promises has members that need no await.
  '@typescript-eslint/require-await': 'off',
};

/**
 * Type imports are erased, so that a type never loads a module. The rule leaves files with decorators alone
 * (the compiler writes parameter types into their metadata and needs the values at run time).
 */
const types = {
  '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
  '@typescript-eslint/consistent-type-exports': ['error', { fixMixedExportsWithInlineTypeSpecifier: false }],
  '@typescript-eslint/no-explicit-any': 'error',
  '@typescript-eslint/no-unused-vars': [
    'error',
    { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'all', ignoreRestSiblings: true },
  ],
  // The compiler refuses a comparison that can never hold; `node.kind === 'Field'` reads well and is checked.
  '@typescript-eslint/no-unsafe-enum-comparison': 'off',
  '@typescript-eslint/prefer-nullish-coalescing': ['error', { ignorePrimitives: { string: true } }],
  '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
};

/** One size for all and no exception file: what outgrows it is split by meaning. Every line counts. */
const sizes = {
  'max-lines': ['error', { max: 300, skipBlankLines: false, skipComments: false }],
  'max-lines-per-function': ['error', { max: 50, skipBlankLines: false, skipComments: false, IIFEs: true }],
  complexity: ['error', 12],
  'max-depth': ['error', 3],
  'max-params': 'off',
  '@typescript-eslint/max-params': ['error', { max: 7 }],
};

const habits = {
  eqeqeq: ['error', 'always', { null: 'ignore' }],
  'no-console': 'error',
  'no-restricted-syntax': [
    'error',
    { selector: 'ExportDefaultDeclaration', message: 'Export by name: one name, found by one search.' },
    {
      selector: 'TSEnumDeclaration[const=true]',
      message: 'A const enum does not survive a per-file compiler.',
    },
  ],
};

/** The environment is read once, by the configuration, where it is checked and frozen. */
const environment = {
  'no-restricted-properties': [
    'error',
    { object: 'process', property: 'env', message: 'Only src/config reads the environment; ask it.' },
  ],
  'no-restricted-imports': [
    'error',
    { paths: [{ name: 'node:process', message: 'Use the global; its environment is read in src/config.' }] },
  ],
};

export default defineConfig(
  globalIgnores(['dist/', 'coverage/', 'reports/', 'data/', '.peers/', '**/node_modules/']),
  { linterOptions: { reportUnusedDisableDirectives: 'error', noInlineConfig: false } },
  eslint.configs.recommended,
  {
    files: TYPESCRIPT,
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: { ...asynchronyAndStates, ...types, ...sizes, ...habits },
  },
  { files: ['src/**/*.ts'], ignores: ['src/config*.ts', 'src/config/**', ...TESTS], rules: environment },
  {
    files: TESTS,
    rules: {
      // A test reads JSON that it expects to know, compares methods, and tells its story inside `describe`.
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      complexity: 'off',
      'max-depth': ['error', 4],
      'max-lines': ['error', { max: 500, skipBlankLines: false, skipComments: false }],
      'max-lines-per-function': ['error', { max: 500, skipBlankLines: false, skipComments: false }],
    },
  },
  // A benchmark prints its table, and an entry point its first words.
  {
    files: ['bench/**/*.ts', 'test/chaos/main.ts', 'src/main.ts', 'src/commands/emit-schema.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['**/*.{js,cjs,mjs}'],
    languageOptions: {
      globals: { console: 'readonly', process: 'readonly', setTimeout: 'readonly', URL: 'readonly' },
    },
    rules: { 'max-lines': ['error', 300], 'max-lines-per-function': ['error', 50] },
  },
  {
    files: ['**/*.{js,cjs}'],
    languageOptions: {
      sourceType: 'commonjs',
      globals: { module: 'writable', require: 'readonly', __dirname: 'readonly' },
    },
  },
  { files: TOOL_CONFIGS, rules: { 'no-restricted-syntax': 'off' } },
);

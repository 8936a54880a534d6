import js from '@eslint/js';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['dist/', 'coverage/', 'node_modules/', 'completions/', 'test/bench/peers/node_modules/', '**/*_pb.ts'] },
  js.configs.recommended,
  {
    files: ['src/**/*.ts', 'src/sandbox/page/browser/*.js', 'test/**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
    },
  },
  {
    files: ['src/**/*.{ts,js}'],
    rules: {
      'no-console': 'error',
      'no-restricted-globals': ['error', { name: 'process', message: 'only main.ts names process; take a Context' }],
      'no-restricted-syntax': ['error', 'ExportDefaultDeclaration', 'ExportAllDeclaration'],
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      complexity: ['error', 10],
      'max-depth': ['error', 3],
      'max-params': ['error', 4],
      'max-lines': ['error', 300],
      'max-lines-per-function': ['error', 50],
    },
  },
  { files: ['src/main.ts'], rules: { 'no-restricted-globals': 'off' } },
  // what the browser runs: its types are in comments, and src/sandbox/page/browser/tsconfig.json knows its globals
  {
    files: ['src/sandbox/page/browser/*.js'],
    rules: { 'no-undef': 'off', '@typescript-eslint/explicit-module-boundary-types': 'off' },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      // node:test returns promises that the runner itself awaits
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafeCalls: [
            { from: 'package', name: ['test', 'describe', 'it', 'suite'], package: 'node:test' },
          ],
        },
      ],
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  {
    files: ['test/examples/*.cjs', 'test/vendor/*.cjs'],
    languageOptions: {
      globals: { console: 'readonly', process: 'readonly', require: 'readonly', setTimeout: 'readonly' },
    },
  },
  { files: ['bin/*.js', '*.config.js'], languageOptions: { globals: { process: 'readonly' } } },
);

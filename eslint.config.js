import { fileURLToPath } from 'node:url';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import { importX } from 'eslint-plugin-import-x';
import jsdoc from 'eslint-plugin-jsdoc';
import tsdoc from 'eslint-plugin-tsdoc';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { noMixedTimeUnits } from './scripts/lint/no-mixed-time-units.mjs';

const ROOT = fileURLToPath(new URL('.', import.meta.url));

/** Native addons, and the one folder that may import each. */
const FFMPEG = {
  group: ['node-av', 'node-av/*'],
  message: 'Only packages/visualbase/src/av touches FFmpeg: use what it exports.',
};
const ONNX = {
  group: ['onnxruntime-node', 'onnxruntime-node/*'],
  message: 'Only packages/vpx-sdk/src/engine touches onnxruntime: use an engine of vpx-sdk.',
};

const MISSING_ON_NODE_20 = ['DisposableStack', 'AsyncDisposableStack', 'SuppressedError'];

export default defineConfig(
  {
    ignores: [
      '**/dist/**',
      '**/node_modules/**',
      'coverage/**',
      'docs/api/**',
      'out/**',
      'momentscan-out/**',
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },

  // Everything in TypeScript.
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['vitest.config.ts'] },
        tsconfigRootDir: ROOT,
      },
    },
    plugins: {
      'import-x': importX,
      tsdoc,
      visualpath: { rules: { 'no-mixed-time-units': noMixedTimeUnits } },
    },
    settings: { 'import-x/resolver-next': [createTypeScriptImportResolver()] },
    rules: {
      eqeqeq: 'error',
      'no-restricted-globals': [
        'error',
        ...MISSING_ON_NODE_20.map((name) => ({
          name,
          message: 'The types know it, Node 20 lacks it: it would throw when run.',
        })),
      ],
      'no-restricted-imports': ['error', { patterns: [FFMPEG, ONNX] }],
      'no-restricted-syntax': [
        'error',
        {
          selector: 'ExportAllDeclaration',
          message: 'Name what is exported, so that the public surface can be read.',
        },
        {
          selector: "CallExpression[callee.property.name='forEach'] > :function[async=true]",
          message: 'forEach does not wait for promises: use for...of.',
        },
      ],
      'tsdoc/syntax': 'error',
      'visualpath/no-mixed-time-units': 'error',
      'import-x/first': 'error',
      'import-x/no-default-export': 'error',
      'import-x/no-duplicates': ['error', { 'prefer-inline': true }],
      'import-x/no-mutable-exports': 'error',
      'import-x/no-relative-packages': 'error',
      'import-x/no-self-import': 'error',
      'import-x/no-useless-path-segments': 'error',

      '@typescript-eslint/no-floating-promises': ['error', { checkThenables: true }],
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],

      // A function may be async for its contract alone.
      '@typescript-eslint/require-await': 'off',
      // Loops over typed arrays index within bounds that noUncheckedIndexedAccess cannot see.
      '@typescript-eslint/no-non-null-assertion': 'off',
      // Messages give the values; numbers and flags print as one expects.
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      // `() => void doIt()` says nothing that `() => doIt()` does not.
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      // `void this.data` calls a getter for its check.
      '@typescript-eslint/no-meaningless-void-operator': 'off',
      // A callback that may answer or return nothing is `boolean | void`.
      '@typescript-eslint/no-invalid-void-type': 'off',
      // An abort's reason is passed on untouched, whatever it is.
      '@typescript-eslint/only-throw-error': [
        'error',
        { allowThrowingAny: true, allowThrowingUnknown: true },
      ],
      '@typescript-eslint/prefer-promise-reject-errors': [
        'error',
        { allowThrowingAny: true, allowThrowingUnknown: true },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
    },
  },

  // What is published.
  {
    files: ['{packages,plugins,apps}/*/src/**/*.ts'],
    plugins: { jsdoc },
    rules: {
      'jsdoc/require-jsdoc': [
        'error',
        {
          publicOnly: true,
          require: { FunctionDeclaration: true, ClassDeclaration: true },
          contexts: [
            'TSInterfaceDeclaration',
            'TSTypeAliasDeclaration',
            'ExportNamedDeclaration > VariableDeclaration',
          ],
          checkConstructors: false,
          enableFixer: false,
        },
      ],
    },
  },
  {
    files: ['{packages,plugins}/*/src/**/*.ts'],
    // What a command has to say, it prints.
    ignores: ['packages/*/src/{cli,command}/**'],
    rules: { 'no-console': 'error' },
  },
  {
    files: ['packages/visualbase/{src,test}/av/**/*.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns: [ONNX] }] },
  },
  {
    files: ['packages/vpx-sdk/{src,test}/engine/**/*.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns: [FFMPEG] }] },
  },

  // Tests.
  {
    files: ['**/test/**/*.ts'],
    rules: {
      // vitest's matchers (`expect.any`, `expect.objectContaining`) are typed `any`.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      // `expect(sink.write)` looks at a method without calling it.
      '@typescript-eslint/unbound-method': 'off',
      // Types are asserted by conditions that are always true when they compile.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      // A fake may do nothing.
      '@typescript-eslint/no-empty-function': 'off',
    },
  },
  {
    files: ['vitest.config.ts', 'bench/src/**/*.bench.ts'],
    rules: { 'import-x/no-default-export': 'off' },
  },

  // Plain JavaScript: types are checked by `tsc -p test`.
  {
    files: ['**/*.{js,mjs,cjs}'],
    plugins: { 'import-x': importX },
    rules: {
      eqeqeq: 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      'no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'import-x/first': 'error',
      'import-x/no-duplicates': 'error',
    },
  },
);

// Who may import whom: the table of docs/architecture.md, as rules.

/** Packages by folder, and the packages of ours that their sources may import. */
const MAY_IMPORT = {
  'packages/visualbase': [],
  'packages/visualpath': ['packages/visualbase'],
  'packages/visualpath-isolation': ['packages/visualpath', 'packages/visualbase'],
  'packages/visualpath-pathway': ['packages/visualpath', 'packages/visualbase'],
  'packages/visualpath-cli': [
    'packages/visualpath',
    'packages/visualpath-isolation',
    'packages/visualpath-pathway',
  ],
  'packages/vpx-sdk': ['packages/visualpath', 'packages/visualbase'],
  'packages/visualpath-testkit': ['packages/visualpath', 'packages/visualbase'],
  'plugins/vpx-[^/]+': ['packages/vpx-sdk'],
  'apps/momentscan': [
    'packages/(visualbase|visualpath(-isolation|-pathway|-cli)?|vpx-sdk)',
    'plugins/vpx-[^/]+',
  ],
};

/** What the tests of every package may import besides what its sources may. */
const TESTS_MAY_IMPORT = ['packages/visualbase', 'packages/visualpath-testkit'];

/** Third-party packages with native code, and the only places that import them. */
const NATIVE = {
  'node-av': 'packages/visualbase/(src|test)/av',
  'onnxruntime-node': 'packages/vpx-sdk/(src|test)/engine',
  // vpx-sdk's tests read photographs with it.
  sharp: 'packages/(visualbase/(src|test)|vpx-sdk/test)',
  koffi: 'packages/visualbase/src/libc',
  zeromq: 'packages/visualpath-isolation/(src|test)',
};

const OURS = '^(packages|plugins|apps|bench|examples)/';
const anyOf = (folders) => `^(${folders.join('|')})/`;

const tableRules = Object.entries(MAY_IMPORT).flatMap(([folder, allowed]) => {
  const name = folder.replace(/^.*?\//, '').replace('[^/]+', 'plugins');
  // A plugin's own folder, not any plugin's: the group of `from` is filled in here.
  const own = '$1';
  return [
    {
      name: `sources-of-${name}`,
      severity: 'error',
      comment: `${folder} may import ${allowed.join(', ') || 'nothing of ours'}.`,
      from: { path: `^(${folder})/src/` },
      to: { path: OURS, pathNot: anyOf([own, ...allowed]) },
    },
    {
      name: `tests-of-${name}`,
      severity: 'error',
      comment: `Tests of ${folder} may import ${[...allowed, ...TESTS_MAY_IMPORT].join(', ')}.`,
      from: { path: `^(${folder})/test/` },
      to: { path: OURS, pathNot: anyOf([own, ...allowed, ...TESTS_MAY_IMPORT]) },
    },
  ];
});

const nativeRules = Object.entries(NATIVE).map(([name, folder]) => ({
  name: `only-one-place-imports-${name}`,
  severity: 'error',
  comment: `${name} is imported in ${folder} only; everyone else uses what that folder exports.`,
  from: { pathNot: `^${folder}/` },
  to: { path: `(^|/)node_modules/${name}/|^${name}(/|$)` },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...tableRules,
    ...nativeRules,
    {
      name: 'package-without-row',
      severity: 'error',
      comment: 'Give the package a row in MAY_IMPORT and in docs/architecture.md.',
      from: { path: '^(packages|plugins|apps)/', pathNot: anyOf(Object.keys(MAY_IMPORT)) },
      to: { path: OURS },
    },
    {
      name: 'cli-loads-backends-lazily',
      severity: 'error',
      comment: 'visualpath-cli imports isolation and pathway by `await import()` only.',
      from: { path: '^packages/visualpath-cli/src/' },
      to: { path: '^packages/visualpath-(isolation|pathway)/', dynamic: false },
    },
    {
      name: 'no-reaching-into-packages',
      severity: 'error',
      comment: 'Import another package by its name; its entry points are its `exports`.',
      from: { path: '^(packages/[^/]+|plugins/[^/]+|apps/[^/]+|bench|examples)/' },
      to: {
        path: '^(packages/[^/]+|plugins/[^/]+|apps/[^/]+|bench|examples)/(src|test)/',
        pathNot: '^$1/',
      },
    },
    {
      name: 'no-reaching-into-builds',
      severity: 'error',
      comment: 'Import another package by its name, not by a path into its dist.',
      from: { path: '^(packages/[^/]+|plugins/[^/]+|apps/[^/]+|bench|examples)/' },
      to: {
        path: '^(packages/[^/]+|plugins/[^/]+|apps/[^/]+|bench|examples)/',
        pathNot: '^$1/',
        dependencyTypes: ['local'],
      },
    },
    {
      name: 'no-tests-in-sources',
      severity: 'error',
      comment: 'Sources never import tests.',
      from: { path: '/src/' },
      to: { path: '^(packages|plugins|apps)/[^/]+/test/' },
    },
    {
      name: 'no-circular',
      severity: 'error',
      comment: 'Move what both need into a file of its own.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-unresolvable',
      severity: 'error',
      comment: 'The import leads nowhere: a wrong path, or a sub-path that is not in `exports`.',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', '/dist/'] },
    exclude: { path: ['^bench/dist/', '^examples/dist/'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'types', 'default'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json'],
    },
  },
};

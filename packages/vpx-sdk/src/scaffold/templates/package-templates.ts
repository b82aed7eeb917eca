import { lines, list, table } from './layout.ts';
import { readingsOf, type TemplateInput } from './template-input.ts';
import { TOOL_VERSIONS } from '../tool-versions.ts';

/** JSON as npm writes it, and prettier a package.json. */
const toManifest = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;

/** JSON as prettier writes any other: short lists on one line. */
const toJson = (value: unknown): string =>
  toManifest(value).replace(
    /\[\s+("[^"\n]*"(?:,\s+"[^"\n]*")*)\s+\]/g,
    (_all, items: string) => `[${items.replace(/,\s+/g, ', ')}]`,
  );

/** What of a package.json is the same in a repository and outside. */
function manifestOf({ names }: TemplateInput, version: string, license: string) {
  return {
    name: names.packageName,
    version,
    description: `${names.name}: how bright a picture is.`,
    license,
    type: 'module',
    engines: { node: '>=20.19' },
    exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' } },
  };
}

const modulesOf = ({ names }: TemplateInput) => ({
  visualpath: { modules: { [names.name]: `./dist/index.js#${names.pascal}Analyzer` } },
});

/** The package.json of a package of its own. @param sdkVersion - Of the vpx-sdk that writes it. */
export function manifestTemplate(input: TemplateInput, sdkVersion: string): string {
  const installed = input.dependencies.flatMap(({ from }) => (from === undefined ? [] : [from]));
  const needed = Object.fromEntries(
    installed.map(({ packageName, version }): [string, string] => [packageName, rangeOf(version)]),
  );
  const tools = Object.entries(TOOL_VERSIONS).map(([tool, version]): [string, string] => [
    tool,
    rangeOf(version),
  ]);
  return toManifest({
    ...manifestOf(input, '0.1.0', 'MIT'),
    files: ['dist', 'README.md'],
    sideEffects: false,
    scripts: {
      build: 'tsc -p .',
      test: 'npm run build && tsc -p test && vitest run',
      prepack: 'npm run build',
    },
    ...modulesOf(input),
    dependencies: { visualpath: rangeOf(sdkVersion), 'vpx-sdk': rangeOf(sdkVersion) },
    ...(installed.length > 0 && { peerDependencies: needed }),
    devDependencies: Object.fromEntries(tools),
  });
}

/** The package.json of a package among others of a repository. */
export const workspaceManifestTemplate = (
  input: TemplateInput,
  sdkVersion: string,
  license: string,
): string =>
  toManifest({
    ...manifestOf(input, sdkVersion, license),
    files: ['dist', '!dist/.tsbuildinfo', 'README.md'],
    sideEffects: false,
    ...modulesOf(input),
    dependencies: { 'vpx-sdk': sdkVersion },
  });

const rangeOf = (version: string): string => (/^\d/.test(version) ? `^${version}` : version);

const STRICT = {
  target: 'ES2023',
  lib: ['ES2023'],
  types: ['node'],
  module: 'NodeNext',
  declaration: true,
  sourceMap: true,
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  noImplicitOverride: true,
  noPropertyAccessFromIndexSignature: true,
  verbatimModuleSyntax: true,
  erasableSyntaxOnly: true,
  rewriteRelativeImportExtensions: true,
  skipLibCheck: true,
};

/** The tsconfig.json of a package of its own. */
export const configTemplate = (): string =>
  toJson({
    compilerOptions: { ...STRICT, rootDir: 'src', outDir: 'dist' },
    include: ['src'],
  });

/** The tsconfig.json of its tests. */
export const testConfigTemplate = (): string =>
  toJson({
    extends: '../tsconfig.json',
    compilerOptions: { rootDir: '..', noEmit: true },
    include: ['.'],
  });

/** The tsconfig.json of a package of a repository that builds its packages together. */
export const workspaceConfigTemplate = (
  baseConfig: string,
  sdkFolder: string | undefined,
): string =>
  toJson({
    extends: baseConfig,
    compilerOptions: { rootDir: 'src', outDir: 'dist', tsBuildInfoFile: 'dist/.tsbuildinfo' },
    include: ['src'],
    ...(sdkFolder !== undefined && { references: [{ path: sdkFolder }] }),
  });

/** The same for its tests. */
export const workspaceTestConfigTemplate = (
  baseConfig: string,
  sdkFolder: string | undefined,
): string =>
  toJson({
    extends: `../${baseConfig}`,
    compilerOptions: {
      composite: false,
      declaration: false,
      declarationMap: false,
      noEmit: true,
      rewriteRelativeImportExtensions: false,
      allowImportingTsExtensions: true,
      tsBuildInfoFile: '../node_modules/.cache/test.tsbuildinfo',
    },
    include: ['.'],
    references: [{ path: '..' }, ...(sdkFolder === undefined ? [] : [{ path: `../${sdkFolder}` }])],
  });

/** src/index.ts. */
export function indexTemplate({ names, hasBackend }: TemplateInput): string {
  const module = `} from './${names.kebab}-analyzer.ts';`;
  const [analyzer, data] = [`${names.pascal}Analyzer`, `type ${names.pascal}Data`];
  if (!hasBackend) return `${list(0, 'export {', [analyzer, 'type Luma', data], module, ' ')}\n`;
  return lines(
    list(0, 'export {', [analyzer, data], module, ' '),
    `export type { Luma } from './${names.kebab}-backend.ts';`,
    '',
  );
}

/** README.md. */
export function readmeTemplate(input: TemplateInput): string {
  const { names, dependencies, hasBackend } = input;
  const { name, packageName, pascal, kebab } = names;
  const readings = readingsOf(dependencies);
  const needs = dependencies.map((one) => one.name);
  const made = [...needs, name].map((one) => `await registry.create('${one}')`);
  return lines(
    `# ${packageName}`,
    '',
    `The module \`${name}\`: how bright a picture is, and how much that varies in it.`,
    '',
    '```sh',
    `npm install ${[packageName, ...new Set(dependencies.flatMap(({ from }) => from?.packageName ?? [])), 'visualpath'].join(' ')}`,
    '```',
    '',
    '```ts',
    "import { PluginRegistry, run } from 'visualpath';",
    '',
    'const registry = new PluginRegistry();',
    "await run('party.mp4', {",
    list(2, 'modules: [', made, '],'),
    '  fps: 10,',
    onFrame(`console.log(seen?.results.get('${name}')?.signals),`),
    '});',
    '```',
    '',
    table([
      ['signal', 'meaning'],
      ['`brightness`', 'mean luma of the picture, 0 (black) to 1 (white)'],
      ['`contrast`', 'standard deviation of the luma, 0 to 0.5'],
      ...readings.map(({ signal, dependency, boxes }) => [
        `\`${signal}\``,
        boxes
          ? `mean luma of the main ${boxes.word}; not there without one`
          : `number of signals of \`${dependency}\``,
      ]),
    ]),
    '',
    `Data: \`${pascal}Data\`.${needs.length > 0 ? ` Needs ${needs.map((one) => `\`${one}\``).join(', ')}.` : ''}`,
    '',
    '## Making it yours',
    '',
    hasBackend
      ? `What computes is in \`src/${kebab}-backend.ts\`: a network would be loaded there. What becomes of it, signals and data, is in \`src/${kebab}-analyzer.ts\`.`
      : `Everything is in \`src/${kebab}-analyzer.ts\`.`,
    '',
    input.dependencies.length === 0
      ? '`npm test` builds the package and runs its tests: what the module measures, and what every plugin must do (`describePlugin` of `vpx-sdk/testing`).'
      : '`npm test` builds the package and runs its tests: what the module measures, and what every plugin must do (`describePlugin` of `vpx-sdk/testing`). `observations` in the tests says what the modules it depends on have seen.',
    '',
  );
}

const onFrame = (body: string): string => {
  const line = `  onFrame: (_frame, [seen]) => ${body}`;
  return line.length <= 100 ? line : `  onFrame: (_frame, [seen]) =>\n    ${body}`;
};

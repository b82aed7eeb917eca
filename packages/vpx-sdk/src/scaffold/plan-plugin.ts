import path from 'node:path';
import { createRequire } from 'node:module';
import { findDependencies } from './find-dependencies.ts';
import { exists, findPlace, isFree, type Place } from './find-place.ts';
import { dependencyNames, pluginNames, type PluginNames } from './plugin-names.ts';
import { backendTemplate } from './templates/backend-template.ts';
import { moduleTemplate, typePackages } from './templates/module-template.ts';
import {
  configTemplate,
  indexTemplate,
  manifestTemplate,
  readmeTemplate,
  testConfigTemplate,
  workspaceConfigTemplate,
  workspaceManifestTemplate,
  workspaceTestConfigTemplate,
} from './templates/package-templates.ts';
import type { TemplateInput } from './templates/template-input.ts';
import type { PlannedFile } from './planned-file.ts';
import { testTemplate } from './templates/test-template.ts';
import { planReferences } from './workspace-references.ts';

const { version: SDK_VERSION } = createRequire(import.meta.url)('../../package.json') as {
  version: string;
};

/** What {@link planPlugin} is asked for. */
export interface PluginRequest {
  /** `domain.action`. */
  readonly name: string;
  /** Modules it depends on, with commas between. */
  readonly depends?: string | undefined;
  /** Write it into the sources of the project instead of a package of its own. Default false. */
  readonly isInternal?: boolean;
  /** Put what computes into a file of its own. Default true. */
  readonly hasBackend?: boolean;
  /** Folder to write into. Default: see `vpx new --help`. */
  readonly dir?: string | undefined;
  /** Default: `process.cwd()`. */
  readonly cwd?: string;
}

/** What would be written, and what the user should know. Nothing has been written yet. */
export interface PluginPlan {
  readonly names: PluginNames;
  readonly place: Place;
  readonly files: readonly PlannedFile[];
  readonly warnings: readonly string[];
  /** Commands and lines of code that come next. */
  readonly nextSteps: readonly string[];
  /** Whether nothing stands in the way. */
  readonly isFree: boolean;
}

/**
 * Works out the files of a new module.
 *
 * @throws RangeError for a wrong name; VisualError `VPX_NO_PROJECT`.
 */
export async function planPlugin(request: PluginRequest): Promise<PluginPlan> {
  const {
    name,
    depends,
    isInternal = false,
    hasBackend = true,
    dir,
    cwd = process.cwd(),
  } = request;
  const names = pluginNames(name);
  const wanted = depends === undefined ? [] : dependencyNames(depends, name);
  const place = await findPlace(names, { dir, cwd, isInternal });
  const root = place.kind === 'internal' ? place.folder : path.dirname(place.folder);
  const found = await findDependencies(root, name, wanted);
  const input: TemplateInput = { names, dependencies: found.dependencies, hasBackend };
  const { files, warnings, nextSteps } = await filesAt(place, input);
  const own = files.filter(({ isChange }) => isChange !== true);
  const taken = await Promise.all(own.map((file) => exists(file.path)));
  return {
    ...{ names, place, files, nextSteps },
    warnings: [...found.warnings, ...warnings],
    isFree: place.kind === 'internal' ? !taken.includes(true) : await isFree(place.folder),
  };
}

type Contents = Pick<PluginPlan, 'files' | 'warnings' | 'nextSteps'>;

async function filesAt(place: Place, input: TemplateInput): Promise<Contents> {
  switch (place.kind) {
    case 'package':
      return packageFiles(place.folder, input);
    case 'workspace':
      return workspaceFiles(place, input);
    case 'internal':
      return internalFiles(place, input);
  }
}

function sourceFiles(input: TemplateInput, typesFrom: readonly string[]) {
  const { kebab } = input.names;
  const module = { backendFile: `./${kebab}-backend.ts`, typesFrom };
  const tests = { moduleFile: '../src/index.ts', isRegistered: false };
  return {
    'src/index.ts': indexTemplate(input),
    [`src/${kebab}-analyzer.ts`]: moduleTemplate(input, module),
    ...(input.hasBackend && { [`src/${kebab}-backend.ts`]: backendTemplate(input) }),
    [`test/${kebab}-analyzer.test.ts`]: testTemplate(input, tests),
    'README.md': readmeTemplate(input),
  };
}

function packageFiles(folder: string, input: TemplateInput): Contents {
  const files = {
    'package.json': manifestTemplate(input, SDK_VERSION),
    'tsconfig.json': configTemplate(),
    ...sourceFiles(input, typePackages(input)),
    'test/tsconfig.json': testConfigTemplate(),
    '.gitignore': 'node_modules/\ndist/\n',
  };
  const shown = path.relative(process.cwd(), folder) || '.';
  return {
    files: inFolder(folder, files),
    warnings: [],
    nextSteps: [`cd ${shown}`, 'npm install', 'npm test'],
  };
}

async function workspaceFiles(
  place: Extract<Place, { kind: 'workspace' }>,
  input: TemplateInput,
): Promise<Contents> {
  const { folder, root, baseConfig, sdkFolder, license } = place;
  const configs =
    baseConfig === undefined
      ? { 'tsconfig.json': configTemplate(), 'test/tsconfig.json': testConfigTemplate() }
      : {
          'tsconfig.json': workspaceConfigTemplate(baseConfig, sdkFolder),
          'test/tsconfig.json': workspaceTestConfigTemplate(baseConfig, sdkFolder),
        };
  const files = {
    'package.json': workspaceManifestTemplate(input, SDK_VERSION, license),
    ...configs,
    // Plugins of one repository do not import each other: types in common are in vpx-sdk.
    ...sourceFiles(input, []),
  };
  const references =
    baseConfig === undefined ? { files: [], warnings: [] } : await planReferences(root, folder);
  return {
    files: [...inFolder(folder, files), ...references.files],
    warnings: references.warnings,
    nextSteps: ['npm install', 'npm run build', `npx vitest run plugins/${path.basename(folder)}`],
  };
}

function internalFiles(
  { folder, extension, hasSdk }: Extract<Place, { kind: 'internal' }>,
  input: TemplateInput,
): Contents {
  const { domain, action, name, pascal } = input.names;
  const module = {
    backendFile: `./${action}-backend${extension}`,
    typesFrom: typePackages(input),
  };
  const tests = {
    moduleFile: `../../../src/modules/${domain}/${action}${extension}`,
    isRegistered: true,
  };
  const files = {
    [`src/modules/${domain}/${action}.ts`]: moduleTemplate(input, module),
    ...(input.hasBackend && {
      [`src/modules/${domain}/${action}-backend.ts`]: backendTemplate(input),
    }),
    [`test/modules/${domain}/${action}.test.ts`]: testTemplate(input, tests),
  };
  return {
    files: inFolder(folder, files),
    warnings: hasSdk
      ? []
      : [
          'The project does not depend on vpx-sdk, from which the module imports: npm install vpx-sdk.',
        ],
    nextSteps: [
      `import { ${pascal}Analyzer } from './modules/${domain}/${action}${extension}';`,
      `registry.register('${name}', ${pascal}Analyzer);`,
    ],
  };
}

const inFolder = (
  folder: string,
  files: Readonly<Record<string, string>>,
): readonly PlannedFile[] =>
  Object.entries(files).map(([name, text]) => ({ path: path.join(folder, name), text }));

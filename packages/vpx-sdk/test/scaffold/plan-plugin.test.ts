import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { planPlugin, type PluginPlan } from '../../src/scaffold/plan-plugin.ts';
import { writePlugin } from '../../src/scaffold/write-plugin.ts';
import { TOOL_VERSIONS } from '../../src/scaffold/tool-versions.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const ROOT = new URL('../../../../', import.meta.url);

const namesIn = ({ files }: PluginPlan, folder: string): readonly string[] =>
  files.map((file) => path.relative(folder, file.path).replaceAll(path.sep, '/')).sort();

const textOf = ({ files }: PluginPlan, ending: string): string =>
  files.find((file) => file.path.endsWith(ending))!.text;

/** A folder with package.json files, by their folder. */
async function project(packages: Readonly<Record<string, object>>): Promise<string> {
  const root = await temporaryFolder();
  for (const [name, json] of Object.entries(packages)) {
    await mkdir(path.join(root, name), { recursive: true });
    await writeFile(path.join(root, name, 'package.json'), JSON.stringify(json));
  }
  return root;
}

/** An installed package that brings a module. */
const bringing = (module: string) => ({
  name: `vpx-${module.replace('.', '-')}`,
  version: '2.3.4',
  visualpath: { modules: { [module]: './package.json#x' } },
});

describe('planPlugin', () => {
  it('plans a package of its own in the folder it is called in', async () => {
    const cwd = await temporaryFolder();
    const plan = await planPlugin({ name: 'scene.brightness', cwd });
    expect(plan).toMatchObject({ isFree: true, warnings: [], place: { kind: 'package' } });
    expect(namesIn(plan, path.join(cwd, 'vpx-scene-brightness'))).toEqual([
      '.gitignore',
      'README.md',
      'package.json',
      'src/index.ts',
      'src/scene-brightness-analyzer.ts',
      'src/scene-brightness-backend.ts',
      'test/scene-brightness-analyzer.test.ts',
      'test/tsconfig.json',
      'tsconfig.json',
    ]);
    expect(await readdir(cwd)).toEqual([]);
  });

  it('leaves the backend out when asked to', async () => {
    const cwd = await temporaryFolder();
    const plan = await planPlugin({ name: 'scene.brightness', hasBackend: false, cwd });
    expect(plan.files.some((file) => file.path.includes('backend'))).toBe(false);
    expect(textOf(plan, 'analyzer.ts')).not.toMatch(/backend/i);
  });

  it('types what installed modules give, and asks for the packages that bring them', async () => {
    const cwd = await project({ 'node_modules/vpx-object-detect': bringing('object.detect') });
    const plan = await planPlugin({ name: 'a.b', depends: 'object.detect', cwd });
    expect(plan.warnings).toEqual([]);
    expect(textOf(plan, 'analyzer.ts')).toContain("import type {} from 'vpx-object-detect';");
    expect(JSON.parse(textOf(plan, '/package.json'))).toMatchObject({
      peerDependencies: { 'vpx-object-detect': '^2.3.4' },
    });
  });

  it('warns of modules that nobody brings, with those that may be meant, and of names that are taken', async () => {
    const cwd = await project({
      'node_modules/a': bringing('object.detect'),
      'node_modules/b': bringing('scene.glow'),
    });
    const plan = await planPlugin({ name: 'scene.glow', depends: 'object.detekt', cwd });
    expect(plan.warnings).toEqual([
      expect.stringContaining('There is a scene.glow already, of vpx-scene-glow'),
      expect.stringMatching(/has object\.detekt.* Did you mean object\.detect\?/),
    ]);
    expect(textOf(plan, 'analyzer.ts')).not.toContain('import type {}');
    expect(textOf(plan, '/package.json')).not.toContain('peerDependencies');
  });

  it('plans a plugin of a repository among its others', async () => {
    const root = await project({
      '.': { workspaces: ['packages/*', 'plugins/*'], license: 'Apache-2.0' },
      'packages/vpx-sdk': { name: 'vpx-sdk' },
      'plugins/vpx-a': { name: 'vpx-a' },
    });
    await writeFile(path.join(root, 'tsconfig.base.json'), '{}');
    await writeFile(path.join(root, 'packages/vpx-sdk/tsconfig.json'), '{}');
    const references = [
      { path: 'packages/vpx-sdk' },
      { path: 'plugins/vpx-a' },
      { path: 'apps/x' },
    ];
    await writeFile(path.join(root, 'tsconfig.json'), JSON.stringify({ files: [], references }));

    const cwd = path.join(root, 'packages/vpx-sdk');
    const plan = await planPlugin({ name: 'scene.brightness', cwd });
    const folder = path.join(root, 'plugins/vpx-scene-brightness');
    expect(plan.place).toMatchObject({ kind: 'workspace', folder });
    expect(JSON.parse(textOf(plan, 'brightness/tsconfig.json'))).toMatchObject({
      extends: '../../tsconfig.base.json',
      references: [{ path: '../../packages/vpx-sdk' }],
    });
    expect(JSON.parse(textOf(plan, '/package.json'))).toMatchObject({ license: 'Apache-2.0' });
    const changed = plan.files.filter(({ isChange }) => isChange);
    expect(changed.map((file) => path.relative(root, file.path))).toEqual(['tsconfig.json']);
    expect(JSON.parse(changed[0]!.text)).toEqual({
      files: [],
      references: [
        ...references.slice(0, 2),
        { path: 'plugins/vpx-scene-brightness' },
        { path: 'plugins/vpx-scene-brightness/test' },
        references[2],
      ],
    });
    const elsewhere = await planPlugin({ name: 'a.b', cwd, dir: path.join(root, 'apps') });
    expect(elsewhere.place).toEqual({ kind: 'package', folder: path.join(root, 'apps/vpx-a-b') });
  });

  it('leaves a tsconfig.json alone that it does not understand, and says what to add', async () => {
    const root = await project({ '.': { workspaces: { packages: ['plugins/*'] } } });
    await writeFile(path.join(root, 'tsconfig.base.json'), '{}');
    await writeFile(path.join(root, 'tsconfig.json'), '{ /* mine */ "references": [] }');
    const plan = await planPlugin({ name: 'a.b', cwd: root });
    expect(plan.files.filter(({ isChange }) => isChange)).toEqual([]);
    expect(plan.warnings).toEqual([
      expect.stringContaining('plugins/vpx-a-b and plugins/vpx-a-b/test'),
    ]);
  });

  it('plans a module within the sources of a project, which imports as they do', async () => {
    const root = await project({ '.': { dependencies: { 'vpx-sdk': '0.1.0' } }, src: {} });
    await writeFile(
      path.join(root, 'base.json'),
      '{ "compilerOptions": { "allowImportingTsExtensions": true, } }',
    );
    const ask = () => planPlugin({ name: 'scene.brightness', isInternal: true, cwd: root });
    const plan = await ask();
    expect(namesIn(plan, root)).toEqual([
      'src/modules/scene/brightness-backend.ts',
      'src/modules/scene/brightness.ts',
      'test/modules/scene/brightness.test.ts',
    ]);
    expect(plan.warnings).toEqual([]);
    expect(textOf(plan, 'scene/brightness.ts')).toContain("from './brightness-backend.js'");
    await writeFile(path.join(root, 'tsconfig.json'), '{ "extends": "./base" } // comment');
    expect(textOf(await ask(), 'scene/brightness.ts')).toContain("from './brightness-backend.ts'");
  });

  it('says that a project lacks vpx-sdk, and that there is none', async () => {
    const root = await project({ '.': {} });
    const plan = await planPlugin({ name: 'a.b', isInternal: true, cwd: root });
    expect(plan.warnings).toEqual([expect.stringContaining('npm install vpx-sdk')]);
    const nowhere = await temporaryFolder();
    await expect(planPlugin({ name: 'a.b', isInternal: true, cwd: nowhere })).rejects.toMatchObject(
      { code: 'VPX_NO_PROJECT' },
    );
  });

  it('builds and tests with the versions of this repository', async () => {
    const text = await readFile(new URL('package.json', ROOT), 'utf8');
    const { devDependencies } = JSON.parse(text) as { devDependencies: Record<string, string> };
    for (const [name, version] of Object.entries(TOOL_VERSIONS)) {
      expect(devDependencies[name]).toBe(version);
    }
  });
});

describe('writePlugin', () => {
  it('writes nothing into a folder with something in it', async () => {
    const cwd = await temporaryFolder();
    const folder = path.join(cwd, 'vpx-a-b');
    await mkdir(folder);
    await writePlugin(await planPlugin({ name: 'a.b', cwd })); // empty: taken
    await writeFile(path.join(folder, 'README.md'), 'mine');
    const error = { code: 'VPX_PATH_TAKEN', message: expect.stringContaining(folder) };
    const plan = await planPlugin({ name: 'a.b', cwd });
    expect(plan.isFree).toBe(false);
    await expect(writePlugin(plan)).rejects.toMatchObject(error);
    expect(await readFile(path.join(folder, 'README.md'), 'utf8')).toBe('mine');
  });

  it('overwrites no file of a project', async () => {
    const root = await project({ '.': { dependencies: { 'vpx-sdk': '0.1.0' } } });
    await mkdir(path.join(root, 'src/modules/a'), { recursive: true });
    await writeFile(path.join(root, 'src/modules/a/b.ts'), 'mine');
    const plan = await planPlugin({ name: 'a.b', isInternal: true, cwd: root });
    await expect(writePlugin(plan)).rejects.toMatchObject({
      code: 'VPX_PATH_TAKEN',
      details: { paths: [path.join(root, 'src/modules/a/b.ts')] },
    });
    expect(await readdir(root)).not.toContain('test');
  });
});

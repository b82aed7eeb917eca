import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { discoverModules } from '../../src/plugin/discover-modules.ts';
import { makeFolder, moduleClass, pluginPackage } from './temp-project.ts';

const namesIn = async (root: string): Promise<string[]> => {
  const { modules, problems } = await discoverModules({ root });
  expect(problems).toEqual([]);
  return [...modules.keys()].sort();
};

describe('where discoverModules looks', () => {
  it('finds modules and backends of installed packages and says where each comes from', async () => {
    const root = await makeFolder({
      'package.json': { name: 'app' },
      'node_modules/plain/package.json': { name: 'plain' },
      'node_modules/vp-x/package.json': {
        name: 'vp-x',
        version: '1.0.0',
        visualpath: {
          modules: { 'a.one': './lib/a.js#A', 'a.two': './lib/a.js#default' },
          backends: { worker: './lib/a.js#Worker' },
        },
      },
      'node_modules/vp-x/lib/a.js': '',
    });
    const { modules, backends, problems } = await discoverModules({ root });
    const folder = join(root, 'node_modules/vp-x');
    const entryUrl = pathToFileURL(join(folder, 'lib/a.js')).href;
    const common = { origin: 'package', packageName: 'vp-x', version: '1.0.0', folder, entryUrl };
    expect(problems).toEqual([]);
    expect([...modules.values()]).toEqual([
      { ...common, kind: 'module', name: 'a.one', exportName: 'A' },
      { ...common, kind: 'module', name: 'a.two', exportName: 'default' },
    ]);
    expect([...backends.values()]).toEqual([
      { ...common, kind: 'backend', name: 'worker', exportName: 'Worker' },
    ]);
  });

  it('imports nothing', async () => {
    const root = await makeFolder({
      ...pluginPackage('node_modules/p', 'p', 'a.b'),
      'node_modules/p/index.js': `globalThis.visualpathTestImported = true; throw new Error('imported');`,
    });
    expect(await namesIn(root)).toEqual(['a.b']);
    expect('visualpathTestImported' in globalThis).toBe(false);
  });

  it('finds hoisted packages from a folder deep in the project', async () => {
    const root = await makeFolder({
      'package.json': {},
      'apps/one/package.json': {},
      'apps/one/src/deep/file.txt': '',
      ...pluginPackage('node_modules/hoisted', 'hoisted', 'a.hoisted'),
      ...pluginPackage('apps/one/node_modules/near', 'near', 'a.near'),
      ...pluginPackage('apps/two/node_modules/other', 'other', 'a.other'),
    });
    expect(await namesIn(join(root, 'apps/one/src/deep'))).toEqual(['a.hoisted', 'a.near']);
  });

  it('finds scoped packages and links to packages', async () => {
    const root = await makeFolder({
      ...pluginPackage('node_modules/@me/scoped', '@me/scoped', 'a.scoped'),
      ...pluginPackage('elsewhere/linked', 'linked', 'a.linked'),
      'node_modules/linked': { link: '../elsewhere/linked' },
      'node_modules/dangling': { link: '../nowhere' },
    });
    const { modules, problems } = await discoverModules({ root });
    expect(problems).toEqual([]);
    expect(modules.get('a.scoped')?.packageName).toBe('@me/scoped');
    expect(modules.get('a.linked')?.folder).toBe(join(root, 'elsewhere/linked'));
  });

  it('finds what the project itself declares, but not what a project around it does', async () => {
    const root = await makeFolder({
      ...pluginPackage('outer', 'outer', 'a.outer'),
      ...pluginPackage('outer/inner', 'inner', 'a.inner'),
      'outer/inner/src/x.txt': '',
    });
    expect(await namesIn(join(root, 'outer/inner/src'))).toEqual(['a.inner']);
  });

  it('does not look at hidden folders or at dependencies of dependencies', async () => {
    const root = await makeFolder({
      ...pluginPackage('node_modules/.cache/p', 'p', 'a.cache'),
      ...pluginPackage('node_modules/x/node_modules/q', 'q', 'a.nested'),
      'node_modules/x/package.json': {},
      'node_modules/file.txt': '',
    });
    expect(await namesIn(root)).toEqual([]);
  });

  it('finds nothing, and says so without failing, where there is no project', async () => {
    const root = await makeFolder({});
    expect(await namesIn(join(root, 'missing'))).toEqual([]);
  });

  it('finds the plugins of this repository from its root and from a package of it', async () => {
    const repository = fileURLToPath(new URL('../../../../', import.meta.url));
    for (const root of [repository, join(repository, 'apps/momentscan')]) {
      const { modules } = await discoverModules({ root });
      expect(modules.get('face.detect')?.packageName).toBe('vpx-face-detect');
      expect(modules.get('face.expression')?.packageName).toBe('vpx-face-expression');
    }
  });
});

describe('workspaces', () => {
  it('are searched when their members are not linked', async () => {
    const root = await makeFolder({
      'package.json': { workspaces: ['packages/*', './tools/one', 'deep/**', 'x/{a,b}-*'] },
      ...pluginPackage('packages/m', 'm', 'a.star'),
      ...pluginPackage('tools/one', 'one', 'a.literal'),
      ...pluginPackage('tools/two', 'two', 'a.unnamed'),
      ...pluginPackage('deep/er/still', 'still', 'a.deep'),
      ...pluginPackage('deep/node_modules/z', 'z', 'a.installed-below'),
      ...pluginPackage('x/a-1', 'a-1', 'a.brace'),
      ...pluginPackage('x/c-1', 'c-1', 'a.no-brace'),
    });
    const expected = ['a.brace', 'a.deep', 'a.literal', 'a.star'];
    expect(await namesIn(root)).toEqual(expected);
    expect(await namesIn(join(root, 'tools/one'))).toEqual(expected);
  });

  it('are understood in the form with packages, and with exclusions', async () => {
    const root = await makeFolder({
      'package.json': { workspaces: { packages: ['p/*', '!p/old-?'], nohoist: [] } },
      ...pluginPackage('p/new', 'new', 'a.new'),
      ...pluginPackage('p/old-1', 'old-1', 'a.old'),
      'p/empty/readme.txt': '',
    });
    expect(await namesIn(root)).toEqual(['a.new']);
  });

  it('count once when they are linked as well', async () => {
    const root = await makeFolder({
      'package.json': { workspaces: ['packages/*'] },
      ...pluginPackage('packages/m', 'm', 'a.b'),
      'node_modules/m': { link: '../packages/m' },
      'node_modules/@alias/m': { link: '../../packages/m' },
    });
    expect(await namesIn(root)).toEqual(['a.b']);
    expect(await namesIn(join(root, 'packages/m'))).toEqual(['a.b']);
  });

  it.each([
    ['packages/*', 'must be an array of patterns, is a string'],
    [['../sibling'], 'cannot be understood or leaves the folder'],
    [['/etc/*'], 'cannot be understood or leaves the folder'],
    [['packages/[ab]'], 'cannot be understood'],
    [[7, { a: 1 }, 'x'.repeat(501)], 'must be at most 1000 texts of 500 characters'],
  ])('that are declared as %j are a problem', async (workspaces, message) => {
    const root = await makeFolder({
      'package.json': { workspaces },
      ...pluginPackage('node_modules/p', 'p', 'a.b'),
    });
    const { modules, problems } = await discoverModules({ root });
    expect(problems).toHaveLength(1);
    expect(problems[0]?.message).toContain(message);
    expect(problems[0]?.folder).toBe(root);
    expect([...modules.keys()]).toEqual(['a.b']);
  });

  it('end although folders are linked in a circle', async () => {
    const root = await makeFolder({
      'package.json': { workspaces: ['p/**'] },
      ...pluginPackage('p/one', 'one', 'a.one'),
      'p/one/again': { link: '../../p' },
    });
    expect(await namesIn(root)).toEqual(['a.one']);
  });
});

describe('two packages with the same name for a plugin', () => {
  it('give the nearer one, and a problem that names both', async () => {
    const root = await makeFolder({
      ...pluginPackage('app/node_modules/zz-near', 'zz-near', 'a.b'),
      'app/package.json': {},
      ...pluginPackage('node_modules/aa-far', 'aa-far', 'a.b'),
    });
    const { modules, problems } = await discoverModules({ root: join(root, 'app') });
    expect(modules.get('a.b')?.packageName).toBe('zz-near');
    expect(problems).toEqual([
      {
        packageName: 'aa-far',
        folder: join(root, 'node_modules/aa-far'),
        kind: 'module',
        name: 'a.b',
        message: expect.stringContaining('"a.b" of aa-far is hidden by that of zz-near in '),
        remedy: expect.stringContaining('uninstall one'),
      },
    ]);
  });

  it('give the first by folder name in one node_modules, whatever order the disk has', async () => {
    const root = await makeFolder({
      ...pluginPackage('node_modules/b', 'a-by-name-but-b-by-folder', 'a.b'),
      ...pluginPackage('node_modules/c', 'c', 'a.b'),
      ...pluginPackage('node_modules/@s/d', 'd', 'a.b'),
    });
    const { modules, problems } = await discoverModules({ root });
    expect(modules.get('a.b')?.packageName).toBe('d');
    expect(problems.map((problem) => problem.packageName)).toEqual([
      'a-by-name-but-b-by-folder',
      'c',
    ]);
  });

  it('are no problem when the nearer package shadows another version of itself', async () => {
    const root = await makeFolder({
      ...pluginPackage('app/node_modules/p', 'p', 'a.new'),
      ...pluginPackage('node_modules/p', 'p', 'a.old'),
    });
    expect(await namesIn(join(root, 'app'))).toEqual(['a.new']);
  });

  it('may be a module and a backend', async () => {
    const root = await makeFolder({
      'package.json': {
        visualpath: { modules: { same: './x.js#A' }, backends: { same: './x.js#B' } },
      },
      'x.js': '',
    });
    const { modules, backends, problems } = await discoverModules({ root });
    expect([modules.size, backends.size, problems.length]).toEqual([1, 1, 0]);
  });
});

describe('a broken package is a problem that costs no other plugin', () => {
  const discoverWith = async (broken: string | object) => {
    const root = await makeFolder({
      'node_modules/broken/package.json': broken,
      'node_modules/broken/index.js': moduleClass('Plugin', 'a.b'),
      'outside.js': '',
      'node_modules/broken/out.js': { link: '../../outside.js' },
      'node_modules/broken/folder/x.txt': '',
      ...pluginPackage('node_modules/good', 'good', 'good.one'),
    });
    const found = await discoverModules({ root });
    expect(found.modules.has('good.one')).toBe(true);
    for (const problem of found.problems) {
      expect(problem.packageName).toBe('broken');
      expect(problem.folder).toBe(join(root, 'node_modules/broken'));
      expect(problem.remedy).not.toBe('');
    }
    return found;
  };

  it.each<[string, string | object, string]>([
    ['JSON that ends early', '{ "visualpath": {', 'not valid JSON'],
    ['JSON that is no object', '["visualpath"]', 'does not hold an object'],
    ['too much JSON', `{"visualpath":"${'x'.repeat(1 << 20)}"}`, 'more than the 1048576'],
    [
      'a number as declaration',
      { visualpath: 7 },
      '`visualpath` in package.json must be an object',
    ],
    ['null as declaration', { visualpath: null }, 'is null'],
    ['an array of modules', { visualpath: { modules: [] } }, '`visualpath.modules` in'],
    ['text for backends', { visualpath: { backends: 'x' } }, '`visualpath.backends` in'],
  ])('%s', async (_what, packageJson, message) => {
    const { modules, problems } = await discoverWith(packageJson);
    expect(modules.size).toBe(1);
    expect(problems).toHaveLength(1);
    expect(problems[0]?.message).toContain(message);
  });

  it.each<[unknown, string]>([
    [7, 'must be text, is a number'],
    [{ file: './index.js' }, 'must be text, is an object'],
    ['', 'does not say which export'],
    ['./index.js', 'does not say which export'],
    ['./index.js#', 'names an export that cannot be'],
    ['./index.js#a b', 'names an export that cannot be'],
    ['./index.js#A#B', 'names an export that cannot be'],
    ['index.js#Plugin', 'is not a path inside the package'],
    ['../../outside.js#Plugin', 'is not a path inside the package'],
    ['./../../outside.js#Plugin', 'is not a path inside the package'],
    ['./x/../../../outside.js#Plugin', 'is not a path inside the package'],
    ['/etc/passwd#Plugin', 'is not a path inside the package'],
    ['file:///etc/passwd#Plugin', 'is not a path inside the package'],
    ['https://example.org/x.js#Plugin', 'is not a path inside the package'],
    ['data:text/javascript,1#Plugin', 'is not a path inside the package'],
    ['node:fs#Plugin', 'is not a path inside the package'],
    ['./index.js\0#Plugin', 'is not a path inside the package'],
    ['./#Plugin', 'is not a path inside the package'],
    ['./out.js#Plugin', 'leaves the package by a symbolic link'],
    ['./folder#Plugin', 'is not a file'],
    ['./missing.js#Plugin', 'does not exist'],
    ['./%69ndex.js#Plugin', 'does not exist'],
    ['./index.js/x#Plugin', 'does not exist'],
    [`./${'x'.repeat(2000)}#Plugin`, 'has 2009 characters'],
    [`./${'x'.repeat(500)}#Plugin`, 'ENAMETOOLONG'],
  ])('an entry %j', async (entry, message) => {
    const { modules, problems } = await discoverWith({
      name: 'broken',
      visualpath: { modules: { 'a.bad': entry, 'a.b': './index.js#Plugin' } },
    });
    expect([...modules.keys()]).toEqual(['a.b', 'good.one']);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ kind: 'module', name: 'a.bad' });
    expect(problems[0]?.message).toContain(message);
  });

  it.each([
    '',
    '__proto__',
    'a b',
    'a/b',
    '.a',
    'a.',
    'a..b',
    'ä.b',
    'x'.repeat(101),
    'a\u001b[2J',
  ])('the name %j', async (name) => {
    const { modules, problems } = await discoverWith(
      `{"name":"broken","visualpath":{"modules":{${JSON.stringify(name)}:"./index.js#Plugin"}}}`,
    );
    expect(modules.size).toBe(1);
    expect(problems).toHaveLength(1);
    expect(problems[0]?.message).toContain('cannot be the name of a module');
    expect(JSON.stringify(problems)).not.toContain('\\u001b');
  });

  it('names that objects have by nature are names like others, and no prototype is changed', async () => {
    const { modules } = await discoverWith(
      `{"name":"broken","__proto__":{"visualpath":{"modules":{"evil.one":"./index.js#Plugin"}}},
        "visualpath":{"modules":{"constructor":"./index.js#Plugin","toString":"./index.js#Plugin"},
        "__proto__":{"backends":{"evil":"./index.js#Plugin"}}}}`,
    );
    expect([...modules.keys()]).toEqual(['constructor', 'toString', 'good.one']);
    expect('backends' in {}).toBe(false);
  });

  it('a name or version that npm would refuse does not matter and is not shown', async () => {
    const { modules, problems } = await discoverWith({
      name: 'evil\u001b[2J name',
      version: { major: 1 },
      visualpath: { modules: { 'a.b': './index.js#Plugin', 'a.c': 1 } },
    });
    expect(modules.get('a.b')).toMatchObject({ packageName: 'broken', version: undefined });
    expect(problems).toHaveLength(1);
  });

  it('more entries than a package can have', async () => {
    const entries = Array.from({ length: 300 }, (_, i) => [`a.n${i}`, './index.js#Plugin']);
    const { modules, problems } = await discoverWith({
      visualpath: { modules: Object.fromEntries(entries) },
    });
    expect(modules.size).toBe(201);
    expect(problems).toHaveLength(1);
    expect(problems[0]?.message).toContain('declares 300 modules');
  });

  it('a package.json that is a folder', async () => {
    const root = await makeFolder(pluginPackage('node_modules/good', 'good', 'good.one'));
    await mkdir(join(root, 'node_modules/broken/package.json'), { recursive: true });
    const { modules, problems } = await discoverModules({ root });
    expect(modules.size).toBe(1);
    expect(problems[0]?.message).toContain('package.json is not a file');
  });

  it('broken JSON that has nothing to do with us is not our business', async () => {
    const { problems } = await discoverWith('{ "name": "other", ');
    expect(problems).toEqual([]);
  });

  it('a byte order mark in front of package.json is read over, as npm does', async () => {
    const { modules, problems } = await discoverWith(
      '\uFEFF{"visualpath":{"modules":{"a.b":"./index.js#Plugin"}}}',
    );
    expect(modules.has('a.b')).toBe(true);
    expect(problems).toEqual([]);
  });
});

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defineModule, isVisualError, Module, SimpleBackend } from '../../src/index.ts';
import { PluginRegistry } from '../../src/plugin/plugin-registry.ts';
import { makeFolder, moduleClass, pluginPackage } from './temp-project.ts';

const failure = async (promise: Promise<unknown>): Promise<Error> => {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof Error)) throw new Error('nothing was thrown');
  return error;
};

const codeOf = (error: unknown): string | undefined =>
  isVisualError(error) ? error.code : undefined;

/** A registry for a project with one plugin: module `a.b`, whose export `Plugin` is made by the source. */
async function registryWith(source: string): Promise<PluginRegistry> {
  const root = await makeFolder({
    ...pluginPackage('node_modules/p', 'p', 'a.b'),
    'node_modules/p/index.js': source,
  });
  return new PluginRegistry({ root });
}

class Bright extends Module {
  readonly name = 'frame.bright';
  readonly options: unknown;
  constructor(options: { readonly level?: number } = {}) {
    super();
    this.options = options;
  }
  process() {
    return undefined;
  }
}

const ready = (name: string) => defineModule({ name, process: () => undefined });
/** A ready module as source text. */
const READY = `{ name: 'a.b', depends: [], optionalDepends: [], initialize() {}, process() {}, cleanup() {} }`;

describe('PluginRegistry.create of an installed plugin', () => {
  it('gives a class its options', async () => {
    const registry = await registryWith(moduleClass('Plugin', 'a.b'));
    const options = { range: 'short' };
    const module = await registry.create('a.b', options);
    expect(module).toMatchObject({ name: 'a.b', options });
    expect(await registry.create('a.b')).not.toBe(module);
  });

  it('knows a class that was compiled to functions by process on its prototype', async () => {
    const registry = await registryWith(`
      export function Plugin(options) { Object.assign(this, { options }); }
      Object.assign(Plugin.prototype, ${READY});
    `);
    expect(await registry.create('a.b', 5)).toMatchObject({ options: 5 });
  });

  it('knows a class that inherits process', async () => {
    const registry = await registryWith(
      `${moduleClass('Base', 'a.b')} export class Plugin extends Base {}`,
    );
    expect(await registry.create('a.b', 5)).toMatchObject({ options: 5 });
  });

  it.each([
    ['a function', `export function Plugin(options) { return { ...${READY}, options }; }`],
    ['an arrow function', `export const Plugin = (options) => ({ ...${READY}, options });`],
    [
      'a method whose name makes it look like a class',
      `export const Plugin = { class(options) { return { ...${READY}, options }; } }.class;`,
    ],
    [
      'an async function',
      `export async function Plugin(options) { return { ...${READY}, options }; }`,
    ],
  ])('gives %s its options', async (_what, source) => {
    const registry = await registryWith(source);
    expect(await registry.create('a.b', 5)).toMatchObject({ name: 'a.b', options: 5 });
  });

  it('gives a ready object as it is, and refuses options for it', async () => {
    const registry = await registryWith(`export const Plugin = ${READY};`);
    expect(await registry.create('a.b')).toBe(await registry.create('a.b'));
    const error = await failure(registry.create('a.b', {}));
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toMatch(
      /^The module "a\.b" of p 1\.2\.3 \(.*index\.js#Plugin\) is a ready/,
    );
  });

  it('makes backends in the same way', async () => {
    const root = await makeFolder({
      'package.json': { name: 'own', visualpath: { backends: { slow: './b.mjs#Slow' } } },
      'b.mjs': `export class Slow { name = 'slow'; constructor(o) { this.o = o; } execute() {} }`,
    });
    const registry = new PluginRegistry({ root });
    expect(await registry.createBackend('slow', 5)).toMatchObject({ name: 'slow', o: 5 });
    expect([...(await registry.listBackends()).keys()]).toEqual(['slow']);
    expect((await registry.listModules()).size).toBe(0);
    const error = await failure(registry.create('slow'));
    expect(codeOf(error)).toBe('VP_PLUGIN_NOT_FOUND');
  });

  it('looks at the disk once', async () => {
    const root = await makeFolder(pluginPackage('node_modules/p', 'p', 'a.b'));
    const registry = new PluginRegistry({ root });
    expect((await registry.listModules()).size).toBe(1);
    const declared = { name: 'p', visualpath: { modules: { 'a.new': './index.js#Plugin' } } };
    await writeFile(join(root, 'node_modules/p/package.json'), JSON.stringify(declared));
    expect([...(await registry.listModules()).keys()]).toEqual(['a.b']);
    expect([...(await new PluginRegistry({ root }).listModules()).keys()]).toEqual(['a.new']);
  });
});

describe('a plugin that cannot be made is VP_PLUGIN_BROKEN', () => {
  it.each<[string, string, string]>([
    ['throws when imported', `throw new Error('no model');`, 'cannot be imported: no model'],
    [
      'imports what is missing',
      `import 'not-installed-xyz';`,
      'cannot be imported: Cannot find package',
    ],
    ['is no JavaScript', `export class {`, 'cannot be imported: '],
    ['lacks the export', `export class Plugins {}`, 'is not there; did it mean "Plugins"?'],
    ['exports something else', `export const x = 1;`, 'is not there; the file exports "x"'],
    ['exports nothing', ``, 'the file exports nothing'],
    [
      'throws in the constructor',
      `export class Plugin { constructor() { throw new RangeError('level is 9'); } }`,
      'could not be made: level is 9',
    ],
    [
      'rejects in the factory',
      `export const Plugin = async () => { throw new Error('offline'); };`,
      'could not be made: offline',
    ],
    [
      'throws no error',
      `export const Plugin = () => { throw 'text'; };`,
      'could not be made: text',
    ],
    ['is undefined', `export const Plugin = undefined;`, 'it is undefined and not a module'],
    ['is text', `export const Plugin = 'x';`, 'it is a string and not a module'],
    ['gives nothing', `export function Plugin() {}`, 'it is undefined and not a module'],
    [
      'lacks methods',
      `export class Plugin { name = 'a.b'; depends = []; process() {} }`,
      'lacks initialize(), cleanup(), the array optionalDepends',
    ],
    ['has another name', moduleClass('Plugin', 'a.c'), 'its `name` is "a.c"'],
    [
      'has no name',
      `export const Plugin = { ...${READY}, name: undefined };`,
      'its `name` is undefined',
    ],
    [
      'throws when it is looked at',
      `export const Plugin = { get process() { throw new Error('hands off'); } };`,
      'cannot be read: hands off',
    ],
  ])('one that %s', async (_what, source, message) => {
    const registry = await registryWith(source);
    const error = await failure(registry.create('a.b'));
    expect(codeOf(error)).toBe('VP_PLUGIN_BROKEN');
    expect(error.message).toMatch(/^The module "a\.b" of p 1\.2\.3 \(.*index\.js#Plugin\) /);
    expect(error.message).toContain(message);
    expect(isVisualError(error) && error.details['plugin']).toMatchObject({ packageName: 'p' });
  });

  it('with what was thrown as the cause', async () => {
    const registry = await registryWith(`throw new RangeError('no model');`);
    const { cause } = await failure(registry.create('a.b'));
    expect(cause).toMatchObject({ name: 'RangeError', message: 'no model' });
  });

  it('while the others go on', async () => {
    const root = await makeFolder({
      ...pluginPackage('node_modules/good', 'good', 'good.one'),
      ...pluginPackage('node_modules/bad', 'bad', 'bad.one'),
      'node_modules/bad/index.js': 'throw 1;',
    });
    const registry = new PluginRegistry({ root });
    expect(codeOf(await failure(registry.create('bad.one')))).toBe('VP_PLUGIN_BROKEN');
    expect((await registry.create('good.one')).name).toBe('good.one');
  });
});

describe('a name that nothing has is VP_PLUGIN_NOT_FOUND', () => {
  it('and the message says what is near, what there is and how to get it', async () => {
    const root = await makeFolder({
      ...pluginPackage('node_modules/p', 'p', 'face.detect'),
      ...pluginPackage('node_modules/q', 'q', 'body.pose'),
    });
    const registry = new PluginRegistry({ root });
    registry.register('face.direct', ready('face.direct'));
    const error = await failure(registry.create('Face.detekt'));
    expect(codeOf(error)).toBe('VP_PLUGIN_NOT_FOUND');
    expect(error.message).toBe(
      `There is no module "Face.detekt" for the project in ${root}. ` +
        'Did you mean "face.detect" or "face.direct"? ' +
        'There is: body.pose (q), face.detect (p), face.direct (registered). ' +
        'Install a package that has it (npm install PACKAGE), or register it: ' +
        'registry.register("Face.detekt", ...).',
    );
  });

  it('and lists the problems that may hide it, and no others', async () => {
    const root = await makeFolder({
      'node_modules/a/package.json': { visualpath: { modules: { 'face.detect': './x.js#X' } } },
      'node_modules/b/package.json': { visualpath: { modules: { 'other.one': './x.js#X' } } },
      'node_modules/c/package.json': '{ "visualpath"',
      'node_modules/d/package.json': { visualpath: { backends: 7 } },
    });
    const registry = new PluginRegistry({ root });
    expect(await registry.problems()).toHaveLength(4);
    const { message } = await failure(registry.create('face.detect'));
    expect(message).toContain('No module is installed or registered.');
    expect(message.split('\n- ').slice(1)).toEqual([
      expect.stringMatching(/^a \(.*\): the module "face\.detect" cannot be loaded: its file /),
      expect.stringMatching(/^c \(.*\): package\.json is not valid JSON/),
    ]);
    const backend = await failure(registry.createBackend('face.detect'));
    expect(backend.message).toContain('registry.registerBackend("face.detect", ...)');
    expect(backend.message).toContain('`visualpath.backends`');
  });

  it('also for names that cannot be, which are printed safely', async () => {
    const registry = new PluginRegistry({ root: await makeFolder({}) });
    const { message } = await failure(registry.create(`\u001b[2J${'x'.repeat(1e6)}`));
    expect(message.length).toBeLessThan(1000);
    expect(message).toContain('\\u{1b}[2Jxxx');
    expect(codeOf(await failure(registry.create('__proto__')))).toBe('VP_PLUGIN_NOT_FOUND');
  });
});

describe('PluginRegistry.register', () => {
  it('takes classes, factories and ready modules', async () => {
    const registry = new PluginRegistry({ root: await makeFolder({}) });
    registry.register('frame.bright', Bright);
    registry.register('a.factory', async (name: string) => ready(name));
    registry.register('a.ready', ready('a.ready'));
    expect(await registry.create('frame.bright', { level: 2 })).toMatchObject({
      options: { level: 2 },
    });
    expect((await registry.create('frame.bright')) instanceof Module).toBe(true);
    expect((await registry.create('a.factory', 'a.factory')).name).toBe('a.factory');
    expect((await registry.create('a.ready')).name).toBe('a.ready');
    expect([...(await registry.listModules())]).toEqual([
      ['a.factory', { origin: 'registered', kind: 'module', name: 'a.factory' }],
      ['a.ready', { origin: 'registered', kind: 'module', name: 'a.ready' }],
      ['frame.bright', { origin: 'registered', kind: 'module', name: 'frame.bright' }],
    ]);
  });

  it('wins over an installed plugin of the same name, which is never imported', async () => {
    const registry = await registryWith(`throw new Error('imported');`);
    const own = ready('a.b');
    registry.register('a.b', own);
    expect(await registry.create('a.b')).toBe(own);
    expect((await registry.listModules()).get('a.b')?.origin).toBe('registered');
    expect(await registry.problems()).toEqual([]);
  });

  it('refuses a name that was registered before', () => {
    const registry = new PluginRegistry();
    registry.register('a.b', ready('a.b'));
    const again = (): void => registry.register('a.b', ready('a.b'));
    expect(again).toThrow('The module "a.b" is registered already.');
    expect(again).toThrow(expect.objectContaining({ code: 'VP_PLUGIN_DUPLICATE' }));
    registry.registerBackend('a.b', () => new SimpleBackend());
  });

  it('refuses names and objects that cannot be, at once', () => {
    const registry = new PluginRegistry();
    expect(() => registry.register('a b', Bright)).toThrow(TypeError);
    expect(() => registry.register('a.b', ready('a.c'))).toThrow(
      expect.objectContaining({ code: 'VP_PLUGIN_BROKEN' }),
    );
    expect(() => registry.registerBackend('x', null as never)).toThrow(
      'The backend "x" registered by this program cannot be used: it is null and not a backend',
    );
  });

  it('takes backends, which must have the name they are asked for by', async () => {
    const registry = new PluginRegistry({ root: await makeFolder({}) });
    registry.registerBackend('simple', SimpleBackend);
    registry.registerBackend('other', SimpleBackend);
    expect(await registry.createBackend('simple')).toBeInstanceOf(SimpleBackend);
    const error = await failure(registry.createBackend('other'));
    expect(codeOf(error)).toBe('VP_PLUGIN_BROKEN');
    expect(error.message).toContain('its `name` is "simple"');
  });
});

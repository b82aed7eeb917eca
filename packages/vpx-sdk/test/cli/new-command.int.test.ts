import { execFile } from 'node:child_process';
import { copyFile, mkdir, readdir, realpath, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { PluginRegistry } from 'visualpath';
import { temporaryFolder } from '../support/temporary-folder.ts';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const BIN = path.join(ROOT, 'node_modules/.bin');
const COMMAND = new URL('../../dist/cli/new-command.js', import.meta.url).href;
const COMMANDER = import.meta.resolve('@commander-js/extra-typings');
const PROGRAM = `
  import { Command } from ${JSON.stringify(COMMANDER)};
  import { newCommand } from ${JSON.stringify(COMMAND)};
  await new Command('vpx').addCommand(newCommand).parseAsync(process.argv.slice(1), { from: 'user' });
`;

interface End {
  readonly exitCode: number;
  readonly output: string;
}

async function run(cwd: string, file: string, args: readonly string[]): Promise<End> {
  // What the test runner tells its own processes is not for theirs.
  const env = Object.fromEntries(Object.entries(process.env).filter(([n]) => !/^VITEST/.test(n)));
  try {
    const { stdout, stderr } = await promisify(execFile)(file, args, {
      cwd,
      env: { ...env, NO_COLOR: '1', CI: '1' },
    });
    return { exitCode: 0, output: stdout + stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { exitCode: code, output: stdout + stderr };
  }
}

const vpxNew = (cwd: string, ...args: readonly string[]): Promise<End> =>
  run(cwd, process.execPath, ['--input-type=module', '--eval', PROGRAM, 'new', ...args]);

/** A folder from which the packages of this repository are found, as if they were installed. */
async function linkedFolder(): Promise<string> {
  const folder = await realpath(await temporaryFolder());
  await symlink(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'));
  return folder;
}

async function succeed(cwd: string, file: string, ...args: readonly string[]): Promise<string> {
  const { exitCode, output } = await run(cwd, file, args);
  expect(exitCode, output).toBe(0);
  return output;
}

/** Whether prettier would leave the files as they are. */
const checkFormat = (folder: string, ...paths: readonly string[]): Promise<string> =>
  succeed(
    folder,
    path.join(BIN, 'prettier'),
    ...['--config', path.join(ROOT, '.prettierrc.json'), '--check', ...paths],
  );

// On a machine that is busy with other things, compilers take long.
const TIMEOUT_MS = 300_000;

describe('vpx new', () => {
  const VARIANTS: readonly (readonly [name: string, options: readonly string[]])[] = [
    ['scene.brightness', []],
    ['scene.glow', ['--depends', 'face.detect,face.expression']],
    ['scene.flatness', ['--no-backend']],
  ];

  it(
    'makes packages that build, pass their tests and are found',
    { timeout: TIMEOUT_MS },
    async () => {
      const cwd = await linkedFolder();
      // Side by side, for most of the time goes into compiling.
      const made = VARIANTS.map(async ([name, options]) => {
        const { exitCode, output } = await vpxNew(cwd, name, ...options);
        expect(exitCode, output).toBe(0);
        expect(output).not.toContain('warning');
        const folder = path.join(cwd, `vpx-${name.replace('.', '-')}`);
        expect(await succeed(folder, 'npm', 'test')).toMatch(/Tests {2}\d{2} passed/);
        const registry = new PluginRegistry({ root: folder });
        const info = (await registry.listModules()).get(name);
        expect(info).toMatchObject({ origin: 'package', folder });
        expect((await registry.create(name)).name).toBe(name);
      });
      await Promise.all(made);
      await checkFormat(cwd, '.', '!**/dist/**');
    },
  );

  it(
    'makes a module within a project, which is found once it is registered',
    { timeout: TIMEOUT_MS },
    async () => {
      const root = await linkedFolder();
      const manifest = { type: 'module', dependencies: { 'vpx-sdk': '0.1.0' } };
      await writeFile(path.join(root, 'package.json'), JSON.stringify(manifest));
      const config = {
        extends: path.join(ROOT, 'tsconfig.base.json'),
        compilerOptions: { composite: false, incremental: false, rootDir: '.', outDir: 'dist' },
        include: ['src', 'test'],
      };
      await writeFile(path.join(root, 'tsconfig.json'), JSON.stringify(config));
      const { exitCode, output } = await vpxNew(root, 'scene.brightness', '--internal');
      expect(exitCode, output).toBe(0);
      expect(output).toContain("registry.register('scene.brightness', SceneBrightnessAnalyzer);");
      await checkFormat(root, 'src', 'test');
      await succeed(root, path.join(BIN, 'tsc'), '-p', '.');
      await succeed(root, path.join(BIN, 'vitest'), 'run', 'test');
      const built = path.join(root, 'dist/src/modules/scene/brightness.js');
      const { SceneBrightnessAnalyzer } = (await import(built)) as Record<string, never>;
      const registry = new PluginRegistry({ root });
      registry.register('scene.brightness', SceneBrightnessAnalyzer!);
      expect((await registry.listModules()).get('scene.brightness')?.origin).toBe('registered');
    },
  );

  it(
    'makes a plugin of a repository, which it builds with the others',
    { timeout: TIMEOUT_MS },
    async () => {
      const root = await linkedFolder();
      await writeFile(
        path.join(root, 'package.json'),
        JSON.stringify({ workspaces: ['plugins/*'] }),
      );
      await copyFile(path.join(ROOT, 'tsconfig.base.json'), path.join(root, 'tsconfig.base.json'));
      await writeFile(
        path.join(root, 'tsconfig.json'),
        JSON.stringify({ files: [], references: [] }),
      );
      await mkdir(path.join(root, 'src'));
      const { exitCode, output } = await vpxNew(path.join(root, 'src'), 'scene.brightness');
      expect(exitCode, output).toBe(0);
      const folder = path.join(root, 'plugins/vpx-scene-brightness');
      await checkFormat(root, 'plugins', 'tsconfig.json');
      await succeed(root, path.join(BIN, 'tsc'), '-b');
      await succeed(folder, path.join(BIN, 'vitest'), 'run');
      const info = (await new PluginRegistry({ root }).listModules()).get('scene.brightness');
      expect(info).toMatchObject({ origin: 'package', folder });
    },
  );

  it('formats also long names and lists as prettier does', { timeout: TIMEOUT_MS }, async () => {
    const cwd = await linkedFolder();
    const long = 'face.detect,hand.gesture,body.pose,face.expression,another.one-with-a-long-name';
    const variants = [
      ['a.b', '--depends', 'c.d'],
      ['a.c', '--no-backend', '--depends', long],
      ['longer-domain.some-action-here', '--depends', long],
      ['longer-domain.some-action', '--depends', 'hand.gesture', '--no-backend'],
    ];
    for (const args of variants) {
      const { exitCode, output } = await vpxNew(cwd, ...args);
      expect(exitCode, output).toBe(0);
    }
    await checkFormat(cwd, '.');
  });

  it('lists what it would write, with --dry-run, and writes nothing', async () => {
    const cwd = await temporaryFolder();
    const { exitCode, output } = await vpxNew(cwd, 'scene.brightness', '--dry-run');
    expect(exitCode).toBe(0);
    expect(output).toMatch(/vpx-scene-brightness\/package\.json +\d+ B\n/);
    expect(output).toContain('Nothing was written.');
    expect(await readdir(cwd)).toEqual([]);
  });

  it('refuses wrong names as wrong usage, and what is taken with its code', async () => {
    const cwd = await temporaryFolder();
    const wrong = await vpxNew(cwd, 'Brightness');
    expect(wrong).toMatchObject({
      exitCode: 2,
      output: expect.stringContaining('scene.brightness'),
    });
    expect((await vpxNew(cwd, 'a.b')).exitCode).toBe(0);
    const again = await vpxNew(cwd, 'a.b');
    expect(again).toMatchObject({
      exitCode: 1,
      output: expect.stringContaining('[VPX_PATH_TAKEN]'),
    });
  });

  it('warns of unknown modules, with those that may be meant', async () => {
    const cwd = await linkedFolder();
    const { exitCode, output } = await vpxNew(cwd, 'a.b', '--depends', 'face.detekt', '--dry-run');
    expect(exitCode).toBe(0);
    expect(output).toMatch(/warning: .*face\.detekt.* Did you mean face\.detect\?/);
  });
});

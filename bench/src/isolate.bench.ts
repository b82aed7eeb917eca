import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { FileSource } from 'visualbase';
import { makeVideo } from 'visualbase/testing';
import type { Bench } from './bench-row.ts';

const SECONDS = 20;
const FPS = 30;

/** Milliseconds to open a file, and frames per second from there to its end. */
async function read(video: string, isolate: boolean) {
  const startedMs = performance.now();
  const source = await FileSource.open(video, { isolate });
  const openMs = performance.now() - startedMs;
  let frameCount = 0;
  for await (const frame of source) frameCount += frame.data.length > 0 ? 1 : 0;
  return { openMs, fps: (frameCount * 1000) / (performance.now() - startedMs - openMs) };
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;

/** Decoding of 720p30 H.264 to RGB in a child process, beside the same in a thread. */
const isolateBench: Bench = async (report, { quick, signal }) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'bench-isolate-'));
  try {
    const video = path.join(folder, '720p30.mp4');
    const frameCount = (quick ? 4 : SECONDS) * FPS;
    await makeVideo({ path: video, width: 1280, height: 720, fps: FPS, frameCount, gop: 60 });
    const inThread = { openMs: [] as number[], fps: [] as number[] };
    const isolated = { openMs: [] as number[], fps: [] as number[] };
    await read(video, false);
    for (let round = 0; round < (quick ? 1 : 7); round++) {
      signal.throwIfAborted();
      for (const [isolate, figures] of [
        [false, inThread],
        [true, isolated],
      ] as const) {
        const { openMs, fps } = await read(video, isolate);
        figures.openMs.push(openMs);
        figures.fps.push(fps);
      }
    }
    const value = median(isolated.fps);
    const baseline = median(inThread.fps);
    const ratio = value / baseline;
    report({
      ...{ bench: 'isolate', case: 'all-frames-rgb', value, baseline, ratio, unit: 'fps' },
      ...{ target: '>= 0.8 of the thread', ok: ratio >= 0.8 },
    });
    report({
      ...{ bench: 'isolate', case: 'open', value: median(isolated.openMs), unit: 'ms' },
      baseline: median(inThread.openMs),
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

export default isolateBench;

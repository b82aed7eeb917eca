import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { FileSource, type FileSourceOptions } from 'visualbase';
import { makeVideo } from 'visualbase/testing';
import type { Bench } from './bench-row.ts';

const SECONDS = 20;
const FPS = 30;

/** Frames of the source per second of wall time, and the main thread's event-loop delay meanwhile. */
async function decode(video: string, frameCount: number, options: FileSourceOptions) {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const startedMs = performance.now();
  for await (const frame of await FileSource.open(video, options)) void frame.data;
  const wallMs = performance.now() - startedMs;
  delay.disable();
  return { sourceFps: (frameCount * 1000) / wallMs, delayP99Ms: delay.percentile(99) / 1e6 };
}

/** The same for `ffmpeg -f null`, start of the process included; undefined without an ffmpeg. */
async function ffmpegNull(video: string, frameCount: number): Promise<number | undefined> {
  const startedMs = performance.now();
  const args = ['-v', 'error', '-nostdin', '-i', video, '-map', '0:v', '-f', 'null', '-'];
  const child = spawn('ffmpeg', args, { stdio: 'ignore' });
  try {
    const [exitCode] = (await once(child, 'exit')) as [number | null];
    if (exitCode !== 0) return undefined;
  } catch {
    return undefined;
  }
  return (frameCount * 1000) / (performance.now() - startedMs);
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;

/** Decoding of 720p30 H.264 to RGB, beside what ffmpeg takes to decode it and throw it away. */
const decodeBench: Bench = async (report, { quick, signal }) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'bench-decode-'));
  try {
    const video = path.join(folder, '720p30.mp4');
    const frameCount = (quick ? 4 : SECONDS) * FPS;
    await makeVideo({ path: video, width: 1280, height: 720, fps: FPS, frameCount, gop: 60 });
    const all: number[] = [];
    const sampled: number[] = [];
    const delays: number[] = [];
    const theirs: number[] = [];
    await decode(video, frameCount, {});
    for (let round = 0; round < (quick ? 1 : 7); round++) {
      signal.throwIfAborted();
      const ours = await decode(video, frameCount, {});
      all.push(ours.sourceFps);
      delays.push(ours.delayP99Ms);
      const baseline = await ffmpegNull(video, frameCount);
      if (baseline !== undefined) theirs.push(baseline);
      sampled.push((await decode(video, frameCount, { fps: 10 })).sourceFps);
    }
    const against = (name: string, values: readonly number[], least: number): void => {
      const value = median(values);
      const baseline = median(theirs);
      const ratio = value / baseline;
      const row = { bench: 'decode', case: name, value, unit: 'source-fps' };
      if (theirs.length === 0) report(row);
      else report({ ...row, baseline, ratio, target: `>= ${least} of ffmpeg`, ok: ratio >= least });
    };
    against('all-frames-rgb', all, 0.9);
    against('sample-10-of-30-fps', sampled, 1.05);
    const value = median(delays);
    report({
      ...{ bench: 'decode', case: 'loop-delay-p99-all-frames', value, unit: 'ms' },
      ...{ target: '< 6', ok: value < 6 },
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

export default decodeBench;

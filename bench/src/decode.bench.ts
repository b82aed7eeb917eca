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

/** What is measured: frames of the source per second of wall time, however few of them are wanted. */
interface Case {
  readonly name: string;
  readonly options: FileSourceOptions;
  /** Least ratio to `ffmpeg -i FILE -f null -`, which decodes every picture and throws it away. */
  readonly least: number;
  /** The same work for ffmpeg, `-vf FILTER -f null -`, as far as it goes: it makes no RGB of it. */
  readonly filter?: string;
}

const CASES: readonly Case[] = [
  { name: 'all-frames-rgb', options: {}, least: 0.95 },
  { name: 'sample-10-of-30-fps', options: { fps: 10 }, least: 1.3, filter: 'fps=10' },
  { name: 'sample-1-of-30-fps', options: { fps: 1 }, least: 2.5, filter: 'fps=1' },
  {
    name: 'all-frames-640-wide',
    options: { width: 640 },
    least: 0.95,
    filter: 'scale=640:360:flags=bilinear',
  },
];

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
async function ffmpegNull(
  video: string,
  frameCount: number,
  filter?: string,
): Promise<number | undefined> {
  const startedMs = performance.now();
  const filters = filter === undefined ? [] : ['-vf', filter];
  const args = ['-v', 'error', '-nostdin', '-i', video, '-map', '0:v', ...filters];
  const child = spawn('ffmpeg', [...args, '-f', 'null', '-'], { stdio: 'ignore' });
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

/** Measured figures by name, one a round. */
class Rounds {
  readonly #values = new Map<string, number[]>();

  add(name: string, value: number | undefined): void {
    if (value === undefined) return;
    this.#values.set(name, [...(this.#values.get(name) ?? []), value]);
  }

  median(name: string): number | undefined {
    const values = this.#values.get(name);
    return values && median(values);
  }
}

const PLAIN = 'ffmpeg -f null';

/** Decoding of 720p30 H.264 to RGB, beside what ffmpeg takes to decode it and throw it away. */
const decodeBench: Bench = async (report, { quick, signal }) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'bench-decode-'));
  try {
    const video = path.join(folder, '720p30.mp4');
    const frameCount = (quick ? 4 : SECONDS) * FPS;
    await makeVideo({ path: video, width: 1280, height: 720, fps: FPS, frameCount, gop: 60 });
    const rounds = new Rounds();
    await decode(video, frameCount, {});
    for (let round = 0; round < (quick ? 1 : 9); round++) {
      for (const { name, options, filter } of CASES) {
        signal.throwIfAborted();
        // Before every case, so that what slows the machine slows both.
        rounds.add(PLAIN, await ffmpegNull(video, frameCount));
        const { sourceFps, delayP99Ms } = await decode(video, frameCount, options);
        rounds.add(name, sourceFps);
        if (name === 'all-frames-rgb') rounds.add('delay', delayP99Ms);
        if (filter !== undefined) {
          rounds.add(filter, await ffmpegNull(video, frameCount, filter));
        }
      }
    }
    for (const { name, least, filter } of CASES) {
      const value = rounds.median(name)!;
      const row = { bench: 'decode', value, unit: 'source-fps' };
      const plain = rounds.median(PLAIN);
      if (plain === undefined) {
        report({ ...row, case: name });
        continue;
      }
      const ratio = value / plain;
      const target = `>= ${least} of ${PLAIN}`;
      report({ ...row, case: name, baseline: plain, ratio, target, ok: ratio >= least });
      const baseline = filter === undefined ? undefined : rounds.median(filter);
      if (baseline === undefined) continue;
      report({ ...row, case: `${name}, -vf ${filter}`, baseline, ratio: value / baseline });
    }
    const value = rounds.median('delay')!;
    report({
      ...{ bench: 'decode', case: 'loop-delay-p99-all-frames', value, unit: 'ms' },
      ...{ target: '< 6', ok: value < 6 },
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

export default decodeBench;

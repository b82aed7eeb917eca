import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { FileSource, type FileSourceOptions } from 'visualbase';
import { makeVideo } from 'visualbase/testing';
import type { Bench } from './bench-row.ts';

const MINUTES = 10;
const FPS = 30;
const MB = 1024 * 1024;
/** Caches and pools fill up in the beginning. */
const SETTLED_MIN = 1;
/** More than noise: an hour of video would take this many megabytes sixty times. */
const MAX_SLOPE_MB = 1;

interface Sample {
  /** Time in the video. */
  readonly min: number;
  readonly rssMb: number;
}

/** Memory of the process for every second of video. */
async function watch(video: string, options: FileSourceOptions): Promise<readonly Sample[]> {
  const samples: Sample[] = [];
  let nextNs = 0;
  for await (const { tSrcNs } of await FileSource.open(video, options)) {
    if (tSrcNs < nextNs) continue;
    nextNs += 1e9;
    samples.push({ min: tSrcNs / 60e9, rssMb: process.memoryUsage().rss / MB });
  }
  return samples;
}

/** Least squares: megabytes per minute of video. */
function slopeOf(samples: readonly Sample[]): number {
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const min = mean(samples.map((sample) => sample.min));
  const rssMb = mean(samples.map((sample) => sample.rssMb));
  const products = samples.map((s) => (s.min - min) * (s.rssMb - rssMb));
  return mean(products) / mean(samples.map((s) => (s.min - min) ** 2));
}

/** Ten minutes of 720p30 from end to end: does memory grow? */
const soakBench: Bench = async (report, { quick, signal }) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'bench-soak-'));
  try {
    const video = path.join(folder, 'long.mp4');
    const minutes = quick ? 0.2 : MINUTES;
    const frameCount = Math.round(minutes * 60 * FPS);
    await makeVideo({ path: video, width: 1280, height: 720, fps: FPS, frameCount, gop: 60 });
    for (const [name, options] of [
      ['all-frames', {}],
      ['10-of-30-fps', { fps: 10 }],
    ] as const) {
      signal.throwIfAborted();
      const samples = await watch(video, options);
      const settled = samples.filter(({ min }) => quick || min >= SETTLED_MIN);
      const value = slopeOf(settled);
      report({
        ...{ bench: 'soak', case: `rss-growth-${name}`, value, unit: 'MB/min of video' },
        ...(!quick && { target: `< ${MAX_SLOPE_MB}`, ok: value < MAX_SLOPE_MB }),
      });
      const peakMb = Math.max(...samples.map(({ rssMb }) => rssMb));
      report({ bench: 'soak', case: `rss-peak-${name}`, value: peakMb, unit: 'MB' });
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

export default soakBench;

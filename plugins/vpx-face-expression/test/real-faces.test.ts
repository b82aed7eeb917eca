import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { FaceExpressionData, ObservationInit } from 'vpx-sdk';
import { ExpressionAnalyzer } from '../src/index.ts';
import { ctx, detected, face, frameAt } from './support/faces.ts';

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
  const analyzer = new ExpressionAnalyzer({ emotions: false });
  const seen = analyzer.process(frameAt(0), detected([face(1, points)]), ctx);
  return (seen as ObservationInit<FaceExpressionData>).data!.expressions[0]!.smile!;
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

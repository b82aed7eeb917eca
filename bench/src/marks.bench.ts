import { type Mark, type MarkPoint, type RgbImage, HAND_BONES, MarkRenderer, POSE_BONES } from 'vpx-sdk';
import type { Bench } from './bench-row.ts';

/** A spiral of points around a place, in fractions of the picture: neighbours are close, as on a body. */
const pointsAround = (x: number, y: number, radius: number, count: number): MarkPoint[] =>
  Array.from({ length: count }, (_, i) => {
    const away = radius * Math.sqrt((i + 1) / count);
    return { space: 'norm', x: x + away * Math.cos(i * 0.3), y: y + away * Math.sin(i * 0.3) };
  });

const boxAround = (x: number, y: number, radius: number, label: string): Mark => ({
  kind: 'box',
  label,
  box: { space: 'norm', x1: x - radius, y1: y - radius, x2: x + radius, y2: y + radius },
});

/** Two faces with meshes and gauges, two hands, a body, two lines of text. */
function marksOfFrame(): { module: string; marks: Mark[] }[] {
  const faces = [0.3, 0.7].map((x, i): Mark[] => [
    boxAround(x, 0.3, 0.12, `face ${i + 1}, looks left`),
    { kind: 'keypoints', points: pointsAround(x, 0.3, 0.1, 468) },
  ]);
  const gauges = [0.3, 0.7].flatMap((x, i) =>
    ['smile', 'mouth', 'eyes'].map((name, row): Mark => ({
      kind: 'bar',
      at: { space: 'norm', x: x + 0.14, y: 0.2 + 0.05 * row },
      value: 0.3 * (row + 1),
      label: `${i + 1} ${name}`,
    })),
  );
  const hands = [0.25, 0.75].map((x, i): Mark[] => [
    boxAround(x, 0.7, 0.08, `left hand ${i + 1}, open_palm`),
    { kind: 'skeleton', points: pointsAround(x, 0.7, 0.07, 21), bones: HAND_BONES },
  ]);
  const body: Mark[] = [
    boxAround(0.5, 0.6, 0.38, 'body 1, both hands raised'),
    { kind: 'skeleton', points: pointsAround(0.5, 0.6, 0.35, 33), bones: POSE_BONES },
  ];
  const texts = ['sharpness 0.81', 'exposure 0.46'].map((text): Mark => ({ kind: 'text', text }));
  return [
    { module: 'face.detect', marks: faces.flat() },
    { module: 'face.expression', marks: gauges },
    { module: 'hand.gesture', marks: hands.flat() },
    { module: 'body.pose', marks: body },
    { module: 'frame.quality', marks: texts },
  ];
}

const SIZES = [
  [640, 360],
  [1280, 720],
  [1920, 1080],
] as const;

/** Drawing the marks of a busy frame on a copy of it. */
const marksBench: Bench = (report, { quick, signal }) => {
  const marks = marksOfFrame();
  for (const [width, height] of SIZES) {
    signal.throwIfAborted();
    const strideBytes = width * 3;
    const data = new Uint8Array(strideBytes * height).fill(90);
    const image: RgbImage = { format: 'rgb24', width, height, strideBytes, data };
    const renderer = new MarkRenderer();
    const timesMs = Array.from({ length: quick ? 30 : 500 }, () => {
      const startMs = performance.now();
      renderer.render(image, marks);
      return performance.now() - startMs;
    });
    const value = timesMs.toSorted((a, b) => a - b)[timesMs.length >> 1]!;
    const isJudged = height === 720;
    report({
      bench: 'marks',
      case: `two faces, hands, a body on ${width}x${height}`,
      value,
      unit: 'ms p50',
      ...(isJudged && { target: '<= 5', ok: value <= 5 }),
    });
  }
  return Promise.resolve();
};

export default marksBench;

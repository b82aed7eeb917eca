import type { Face, Mark, MarkPoint, Point } from 'vpx-sdk';
import { EYES } from './eyes/eye-landmarks.ts';

const closed = (landmarks: readonly number[]): readonly number[] => [...landmarks, landmarks[0]!];

// Landmarks of MediaPipe's face mesh, in the order in which they are drawn.
const OVAL = [
  ...[10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377],
  ...[152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109],
];
const LIPS = [
  ...[61, 146, 91, 181, 84, 17, 314, 405, 321, 375],
  ...[291, 409, 270, 269, 267, 0, 37, 39, 40, 185],
];
const NOSE = [168, 6, 197, 195, 5, 4, 1, 2];
/** The lower lid runs from corner to corner, the upper one back. */
const eyeLine = ({ contour }: { readonly contour: readonly number[] }): readonly number[] =>
  closed([...contour.slice(0, 9), ...contour.slice(9).reverse()]);

const LINES = [closed(OVAL), closed(LIPS), NOSE, eyeLine(EYES.right), eyeLine(EYES.left)];

/** Of the gaze, in distances of the eyes, when it runs along the picture. */
const GAZE_LENGTH = 1.5;

/** What to draw for a face: a box, and what is known of landmarks, irises and gaze. */
export function marksOfFace(face: Face): readonly Mark[] {
  const { trackId, confidence, box, keypoints, mesh, eyes } = face;
  const irises = [eyes?.right.iris, eyes?.left.iris].flatMap((iris) => iris?.centre ?? []);
  const points = Object.values(keypoints).filter((point) => typeof point === 'object');
  return [
    { kind: 'box', box, label: `face ${trackId}, ${confidence.toFixed(2)}` },
    ...(mesh === undefined
      ? [keypointsMark(points)]
      : LINES.map((line) => lineMark(line.map((at) => meshPoint(mesh.points, at))))),
    ...(irises.length > 0 ? [keypointsMark(irises)] : []),
    ...gazeMarks(face),
  ];
}

function gazeMarks({ gaze, keypoints: { rightEye, leftEye } }: Face): readonly Mark[] {
  if (gaze === undefined) return [];
  const length = GAZE_LENGTH * Math.hypot(leftEye.x - rightEye.x, leftEye.y - rightEye.y);
  const yaw = (gaze.yawDeg * Math.PI) / 180;
  const pitch = (gaze.pitchDeg * Math.PI) / 180;
  const [dx, dy] = [Math.sin(yaw) * Math.cos(pitch) * length, -Math.sin(pitch) * length];
  return [rightEye, leftEye].map((eye) =>
    lineMark([markPoint(eye), markPoint({ x: eye.x + dx, y: eye.y + dy })]),
  );
}

const markPoint = ({ x, y }: Point): MarkPoint => ({ space: 'px', x, y });

const meshPoint = (points: Float32Array, at: number): MarkPoint => ({
  space: 'px',
  x: points[at * 3]!,
  y: points[at * 3 + 1]!,
});

const keypointsMark = (points: readonly Point[]): Mark => ({
  kind: 'keypoints',
  points: points.map(markPoint),
});

const lineMark = (points: readonly MarkPoint[]): Mark => ({
  kind: 'skeleton',
  points,
  bones: points.slice(1).map((_, i) => [i, i + 1] as const),
});

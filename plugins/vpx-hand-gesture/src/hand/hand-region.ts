import type { Detection, PixelBox, Point, RotatedRoi } from 'vpx-sdk';
import { INDEX, LITTLE, MIDDLE, pointAt, RING, THUMB, WRIST } from './landmark.ts';

// How MediaPipe Hands places the region of its landmark model (hand_landmark graphs of its module
// sources): around a palm that the detector found ...
const PALM_SCALE = 2.6;
const PALM_SHIFT = -0.5;
// ... and around the landmarks of the frame before.
const LANDMARKS_SCALE = 2;
const LANDMARKS_SHIFT = -0.1;

// Keypoints of the palm detector, and the landmarks that they are.
const PALM_WRIST = 0;
const PALM_MIDDLE_KNUCKLE = 2;
const PALM_LANDMARKS = [
  ...[WRIST, INDEX.knuckle, MIDDLE.knuckle, RING.knuckle, LITTLE.knuckle],
  ...[THUMB.base, THUMB.knuckle],
] as const;

/** Landmarks that say where a hand is whatever its fingers do. */
const STEADY_LANDMARKS = [
  ...[WRIST, THUMB.base, THUMB.knuckle, THUMB.joint],
  ...[INDEX, MIDDLE, RING, LITTLE].flatMap(({ knuckle, middle }) => [knuckle, middle]),
];

/** Where to look for the landmarks of a detected palm: its fingers point up in the region. */
export function regionOfPalm({ box, keypoints }: Detection): RotatedRoi {
  const rotationRad = turnUpright(keypoints[PALM_WRIST]!, keypoints[PALM_MIDDLE_KNUCKLE]!);
  const width = box.x2 - box.x1;
  const height = box.y2 - box.y1;
  const shift = PALM_SHIFT * height;
  const side = Math.max(width, height) * PALM_SCALE;
  return {
    cx: (box.x1 + box.x2) / 2 - shift * Math.sin(rotationRad),
    cy: (box.y1 + box.y2) / 2 + shift * Math.cos(rotationRad),
    width: side,
    height: side,
    rotationRad,
  };
}

/** Where to look for a hand whose landmarks are known from the frame before. */
export function regionOfLandmarks(points: Readonly<Float32Array>): RotatedRoi {
  const index = pointAt(points, INDEX.knuckle);
  const middle = pointAt(points, MIDDLE.knuckle);
  const ring = pointAt(points, RING.knuckle);
  const knuckles = {
    x: (index.x + 2 * middle.x + ring.x) / 4,
    y: (index.y + 2 * middle.y + ring.y) / 4,
  };
  const rotationRad = turnUpright(pointAt(points, WRIST), knuckles);
  const cos = Math.cos(rotationRad);
  const sin = Math.sin(rotationRad);
  // Bounds along the axes of the turned region.
  const turned = STEADY_LANDMARKS.map((at) => {
    const { x, y } = pointAt(points, at);
    return { x: x * cos + y * sin, y: y * cos - x * sin };
  });
  const { x1, y1, x2, y2 } = boundsOf(turned);
  const centreX = (x1 + x2) / 2;
  const centreY = (y1 + y2) / 2 + LANDMARKS_SHIFT * (y2 - y1);
  const side = Math.max(x2 - x1, y2 - y1, 1) * LANDMARKS_SCALE;
  return {
    cx: centreX * cos - centreY * sin,
    cy: centreX * sin + centreY * cos,
    width: side,
    height: side,
    rotationRad,
  };
}

/** The smallest upright box around all landmarks. */
export function boundsOfLandmarks(points: Readonly<Float32Array>): PixelBox {
  const all = Array.from({ length: points.length / 3 }, (_, at) => pointAt(points, at));
  return { space: 'px', ...boundsOf(all) };
}

/** The share of the smaller box of two hands that lies within the other, 0..1. */
export function sharedBox(points: Readonly<Float32Array>, others: Readonly<Float32Array>): number {
  const [a, b] = [boundsOfLandmarks(points), boundsOfLandmarks(others)];
  const width = Math.min(a.x2, b.x2) - Math.max(a.x1, b.x1);
  const height = Math.min(a.y2, b.y2) - Math.max(a.y1, b.y1);
  if (!(width > 0 && height > 0)) return 0;
  const areas = [a, b].map(({ x1, y1, x2, y2 }) => (x2 - x1) * (y2 - y1));
  return (width * height) / Math.min(...areas);
}

/** From wrist to middle knuckle and across the knuckles, px: how large a hand is, whatever its pose. */
export function palmSizePx(points: Readonly<Float32Array>): number {
  const along = distance(pointAt(points, WRIST), pointAt(points, MIDDLE.knuckle));
  const across = distance(pointAt(points, INDEX.knuckle), pointAt(points, LITTLE.knuckle));
  return Math.max(along, 1.5 * across, 1);
}

/** How far the palm of a hand lies from a detected one, in sizes of the palm. */
export const distanceToPalm = (points: Readonly<Float32Array>, { keypoints }: Detection): number =>
  palmDistance(points, (i) => keypoints[i]!);

/** How far two palms lie apart, in sizes of the first. */
export const distanceOfPalms = (
  points: Readonly<Float32Array>,
  others: Readonly<Float32Array>,
): number => palmDistance(points, (i) => pointAt(others, PALM_LANDMARKS[i]!));

/** How far a palm has moved, px. */
export function motionOf(was: Readonly<Float32Array>, is: Readonly<Float32Array>): Point {
  const [from, to] = [palmCentre(was), palmCentre(is)];
  return { x: to.x - from.x, y: to.y - from.y };
}

function palmCentre(points: Readonly<Float32Array>): Point {
  let x = 0;
  let y = 0;
  for (const at of PALM_LANDMARKS) {
    x += points[at * 3]! / PALM_LANDMARKS.length;
    y += points[at * 3 + 1]! / PALM_LANDMARKS.length;
  }
  return { x, y };
}

function palmDistance(points: Readonly<Float32Array>, other: (i: number) => Point): number {
  const sum = PALM_LANDMARKS.reduce<number>(
    (total, at, i) => total + distance(pointAt(points, at), other(i)),
    0,
  );
  return sum / PALM_LANDMARKS.length / palmSizePx(points);
}

const distance = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y);

/** The turn of a region in which `from` to `to` points up. */
const turnUpright = (from: Point, to: Point): number =>
  Math.atan2(to.y - from.y, to.x - from.x) + Math.PI / 2;

function boundsOf(points: readonly Point[]) {
  const xs = points.map(({ x }) => x);
  const ys = points.map(({ y }) => y);
  return { x1: Math.min(...xs), y1: Math.min(...ys), x2: Math.max(...xs), y2: Math.max(...ys) };
}

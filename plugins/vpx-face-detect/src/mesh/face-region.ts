import type { Detection, FaceKeypoints, PixelBox, Point, RotatedRoi } from 'vpx-sdk';

/** The region is half as large again as the face, as the mesh model was trained. */
const ROI_SCALE = 1.5;

// Landmarks of the face mesh; right and left are the person's own.
const RIGHT_EYE = [33, 133] as const;
const LEFT_EYE = [263, 362] as const;
const LIPS = [13, 14] as const;
const NOSE_TIP = 1;
const RIGHT_EAR = 234;
const LEFT_EAR = 454;

/** A square region around a box, turned so that the eyes are level. */
function regionOf(box: PixelBox, rightEye: Point, leftEye: Point): RotatedRoi {
  const side = Math.max(box.x2 - box.x1, box.y2 - box.y1) * ROI_SCALE;
  return {
    cx: (box.x1 + box.x2) / 2,
    cy: (box.y1 + box.y2) / 2,
    width: side,
    height: side,
    rotationRad: Math.atan2(leftEye.y - rightEye.y, leftEye.x - rightEye.x),
  };
}

/** Where to look for the mesh of a detected face. */
export const regionOfDetection = ({ box, keypoints }: Detection): RotatedRoi =>
  regionOf(box, keypoints[0]!, keypoints[1]!);

/** Where to look for a face whose mesh is known from the frame before. */
export const regionOfMesh = (points: Float32Array): RotatedRoi =>
  regionOf(boundsOfMesh(points), middle(points, RIGHT_EYE), middle(points, LEFT_EYE));

/** The smallest upright box around a mesh. */
export function boundsOfMesh(points: Float32Array): PixelBox {
  let x1 = Infinity;
  let y1 = Infinity;
  let x2 = -Infinity;
  let y2 = -Infinity;
  for (let i = 0; i < points.length; i += 3) {
    const x = points[i]!;
    const y = points[i + 1]!;
    if (x < x1) x1 = x;
    if (x > x2) x2 = x;
    if (y < y1) y1 = y;
    if (y > y2) y2 = y;
  }
  return { space: 'px', x1, y1, x2, y2 };
}

/** The detector's six keypoints, read off a mesh. */
export const keypointsOfMesh = (points: Float32Array): FaceKeypoints => ({
  space: 'px',
  rightEye: middle(points, RIGHT_EYE),
  leftEye: middle(points, LEFT_EYE),
  noseTip: middle(points, [NOSE_TIP, NOSE_TIP]),
  mouthCentre: middle(points, LIPS),
  rightEar: middle(points, [RIGHT_EAR, RIGHT_EAR]),
  leftEar: middle(points, [LEFT_EAR, LEFT_EAR]),
});

function middle(points: Float32Array, [a, b]: readonly [number, number]): Point {
  return {
    x: (points[a * 3]! + points[b * 3]!) / 2,
    y: (points[a * 3 + 1]! + points[b * 3 + 1]!) / 2,
  };
}

/** How a detector's box lies around the bounds of the mesh, so that it can follow the mesh. */
export interface BoxFit {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Measures a {@link BoxFit}, in widths and heights of the mesh. */
export function fitBox(box: PixelBox, mesh: PixelBox): BoxFit {
  const width = mesh.x2 - mesh.x1;
  const height = mesh.y2 - mesh.y1;
  return {
    left: (box.x1 - mesh.x1) / width,
    top: (box.y1 - mesh.y1) / height,
    right: (box.x2 - mesh.x2) / width,
    bottom: (box.y2 - mesh.y2) / height,
  };
}

/** The box that lies around `mesh` as measured before. */
export function applyFit(fit: BoxFit, mesh: PixelBox): PixelBox {
  const width = mesh.x2 - mesh.x1;
  const height = mesh.y2 - mesh.y1;
  return {
    space: 'px',
    x1: mesh.x1 + fit.left * width,
    y1: mesh.y1 + fit.top * height,
    x2: mesh.x2 + fit.right * width,
    y2: mesh.y2 + fit.bottom * height,
  };
}

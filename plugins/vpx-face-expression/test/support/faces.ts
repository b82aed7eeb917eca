import { Frame, type Face, type FaceDetectData, type Observation, type PixelBox } from 'vpx-sdk';

type Point = readonly [x: number, y: number, z: number];

/** What the face of a synthetic mesh does, in px; 100 px lie between the outer eye corners. */
export interface Shape {
  readonly width: number;
  readonly lift: number;
  readonly gap?: number;
  readonly rightLids?: number;
  readonly leftLids?: number;
  readonly brows?: number;
  readonly browGap?: number;
}

export const REST: Shape = { width: 57, lift: -6.5 };
export const SMILE: Shape = { width: 70, lift: -3.5 };

/** The landmarks that are measured. */
export function meshWith(shape: Shape): Float32Array {
  const { width, lift, gap = 1, rightLids = 9, leftLids = 9, brows = 24, browGap = 27 } = shape;
  const eye = (numbers: readonly number[], x: number, y: number) =>
    numbers.map((at) => [at, [x, y, 0]] as const);
  const landmarks: readonly (readonly [number, Point])[] = [
    [33, [-50, 0, 0]],
    [133, [-20, 0, 0]],
    [263, [50, 0, 0]],
    [362, [20, 0, 0]],
    ...eye([159, 158], -35, -rightLids / 2),
    ...eye([145, 153], -35, rightLids / 2),
    ...eye([386, 385], 35, -leftLids / 2),
    ...eye([374, 380], 35, leftLids / 2),
    ...eye([105, 66, 63], -35, -brows),
    ...eye([334, 296, 293], 35, -brows),
    [55, [-browGap / 2, -brows / 2, 0]],
    [285, [browGap / 2, -brows / 2, 0]],
    [10, [0, -80, 0]],
    [2, [0, 50, 0]],
    [0, [0, 65, 0]],
    [13, [0, 70, 0]],
    [14, [0, 70 + gap, 0]],
    [61, [-width / 2, 65 - lift, 0]],
    [291, [width / 2, 65 - lift, 0]],
  ];
  const points = new Float32Array(468 * 3);
  for (const [at, point] of landmarks) points.set(point, at * 3);
  return points;
}

const BOX: PixelBox = { space: 'px', x1: 0, y1: 0, x2: 100, y2: 100 };

/** A face; without points it has no mesh. */
export const face = (trackId: number, points?: Float32Array, box = BOX): Face =>
  ({ trackId, box, ...(points && { mesh: { space: 'px', points, presence: 1 } }) }) as Face;

/** A frame at a time of the video; one black pixel unless given. */
export const frameAt = (sec: number): Frame =>
  Frame.fromRgb({
    ...{ frameId: 0, tSrcNs: Math.round(sec * 1e9), width: 1, height: 1 },
    data: new Uint8Array(3),
  });

/** What `face.detect` would say. */
export function detected(faces: readonly Face[]): { 'face.detect': Observation<FaceDetectData> } {
  const data: FaceDetectData = { faces, widthPx: 1, heightPx: 1 };
  const observation: Observation<FaceDetectData> = {
    ...{ source: 'face.detect', frameId: 0, tNs: 0, signals: {}, metadata: {}, data },
  };
  return { 'face.detect': observation };
}

export const ctx = { signal: new AbortController().signal };

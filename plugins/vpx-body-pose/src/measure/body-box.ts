import { COCO_KEYPOINTS, type BodyKeypoints, type PixelBox } from 'vpx-sdk';
import { boundingBox } from './bounding-box.ts';
import { seen } from './trunk.ts';

/** Around the keypoints that can be seen (all, if none can), cut at the borders of the picture. */
export function bodyBox(body: BodyKeypoints, widthPx: number, heightPx: number): PixelBox {
  const visible = COCO_KEYPOINTS.flatMap((name) => seen(body, name) ?? []);
  const box = boundingBox(visible.length > 0 ? visible : Object.values(body.points));
  const cut = (value: number, most: number): number => Math.min(Math.max(value, 0), most);
  return {
    space: 'px',
    x1: cut(box.x1, widthPx),
    y1: cut(box.y1, heightPx),
    x2: cut(box.x2, widthPx),
    y2: cut(box.y2, heightPx),
  };
}

// Head and shoulders, by which people are told apart: what else is seen of a body comes and goes.
const UPPER_KEYPOINT_COUNT = 7;

/** Around head and shoulders. */
export const upperBox = ({ points }: BodyKeypoints): PixelBox => ({
  space: 'px',
  ...boundingBox(COCO_KEYPOINTS.slice(0, UPPER_KEYPOINT_COUNT).map((name) => points[name])),
});

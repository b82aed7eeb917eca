import type { PixelBox } from 'visualbase';
import { iou } from '../detect/nms.ts';
import { KalmanFilter } from './kalman-filter.ts';

// In sizes of the box, so that near and far things are alike. Detectors place boxes to a few percent;
// heads and hands set off and stop within a fraction of a second.
const MOTION = { measurementStd: 0.05, accelerationStd: 6, startSpeedStd: 2, speedMemorySec: 0.5 };
/** Boxes of more different areas than this are not the same thing unless they overlap. */
const MAX_AREA_RATIO = 2.5;
/** What two boxes that do not overlap may be alike at most. */
const MOST_APART = 0.2;
/** How far the reach grows at most while a thing is not seen, in sizes of the box. */
const MAX_SPREAD = 1;

const widthOf = (box: PixelBox): number => box.x2 - box.x1;
const heightOf = (box: PixelBox): number => box.y2 - box.y1;
const areaOf = (box: PixelBox): number => widthOf(box) * heightOf(box);
const centreOf = ({ x1, y1, x2, y2 }: PixelBox): [number, number] => [(x1 + x2) / 2, (y1 + y2) / 2];

/** A box that is followed: where it was, and where it should be. */
export class TrackedBox {
  readonly id: number;
  readonly #motion = new KalmanFilter(MOTION);
  #box: PixelBox;
  #lastSeenNs: number;
  /** What counts as 1 for the filter, px. */
  readonly #sizePx: number;

  constructor(id: number, box: PixelBox, tNs: number) {
    this.id = id;
    this.#box = box;
    this.#lastSeenNs = tNs;
    this.#sizePx = Math.max(1, Math.sqrt(areaOf(box)));
    this.follow(box, tNs);
  }

  get lastSeenNs(): number {
    return this.#lastSeenNs;
  }

  /** Takes the box of a later frame. */
  follow(box: PixelBox, tNs: number): void {
    const centre = centreOf(box).map((value) => value / this.#sizePx);
    const expected = this.#motion.predict(tNs)?.values;
    if (expected !== undefined) {
      const surprise = Math.hypot(centre[0]! - expected[0]!, centre[1]! - expected[1]!);
      // It was put elsewhere: a jump says nothing about speed.
      if (surprise * this.#sizePx > Math.sqrt(areaOf(box))) this.#motion.reset();
    }
    this.#motion.filter(centre, tNs);
    this.#box = box;
    this.#lastSeenNs = tNs;
  }

  /**
   * How much a box of a later frame is like this one, 0..1: overlap with where this should be by
   * then, or, for boxes of like size that lie apart, up to 0.2 by the closeness of their centres. The
   * longer this was not seen, the further away it may be.
   */
  likenessAt(tNs: number): (box: PixelBox) => number {
    const { values, std } = this.#motion.predict(tNs)!;
    const [x, y] = [values[0]! * this.#sizePx, values[1]! * this.#sizePx];
    const [width, height] = [widthOf(this.#box) / 2, heightOf(this.#box) / 2];
    const expected: PixelBox = {
      ...{ space: 'px', x1: x - width, y1: y - height, x2: x + width, y2: y + height },
    };
    const spread = Math.min(MAX_SPREAD, std);
    return (box) => {
      const overlap = iou(expected, box);
      const ratio = areaOf(expected) / areaOf(box);
      if (!(ratio < MAX_AREA_RATIO && ratio > 1 / MAX_AREA_RATIO)) return overlap;
      const sizePx = Math.sqrt((areaOf(expected) + areaOf(box)) / 2) * (1 + spread);
      const [boxX, boxY] = centreOf(box);
      const distancePx = Math.hypot(boxX - x, boxY - y);
      return Math.max(overlap, MOST_APART * (1 - distancePx / sizePx));
    };
  }
}

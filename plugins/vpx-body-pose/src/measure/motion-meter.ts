import { COCO_KEYPOINTS, NS_PER_SEC, type BodyKeypoints } from 'vpx-sdk';
import { seen, trunkOf } from './trunk.ts';

/** Speed is measured over at least this long, so that the jitter of points counts little. */
const BASELINE_NS = 0.15 * NS_PER_SEC;
/** After a longer gap nothing is known of the speed. */
const MAX_GAP_NS = 0.5 * NS_PER_SEC;
/** Fewer points in common say nothing of a body. */
const MIN_POINTS = 4;

interface Sample {
  readonly tNs: number;
  readonly body: BodyKeypoints;
}

/** How much a body moves, whatever its size and the frame rate. */
export class MotionMeter {
  #samples: Sample[] = [];

  /**
   * The mean speed of the keypoints that can be seen, in lengths of the trunk per second; `undefined`
   * until the body has been seen for a while.
   */
  update(body: BodyKeypoints, tNs: number): number | undefined {
    const last = this.#samples.at(-1);
    if (last !== undefined && (tNs <= last.tNs || tNs - last.tNs > MAX_GAP_NS)) this.#samples = [];
    this.#samples.push({ tNs, body });
    // Keep the newest sample that is old enough, and all that are newer.
    while (this.#samples.length > 1 && tNs - this.#samples[1]!.tNs >= BASELINE_NS) {
      this.#samples.shift();
    }
    const [base] = this.#samples;
    const trunk = trunkOf(body);
    if (trunk === undefined || base === undefined || tNs - base.tNs < BASELINE_NS) return undefined;
    const distances = COCO_KEYPOINTS.flatMap((name) => {
      const [to, from] = [seen(body, name), seen(base.body, name)];
      return to && from ? [Math.hypot(to.x - from.x, to.y - from.y)] : [];
    });
    if (distances.length < MIN_POINTS) return undefined;
    const meanPx = distances.reduce((sum, px) => sum + px, 0) / distances.length;
    return meanPx / trunk.lengthPx / ((tNs - base.tNs) / NS_PER_SEC);
  }
}

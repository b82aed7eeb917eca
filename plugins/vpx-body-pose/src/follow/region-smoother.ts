import { OneEuroFilter, type RotatedRoi } from 'vpx-sdk';
import type { LocatedBody } from '../model/pose-landmark-model.ts';
import { regionOfCircle } from './pose-region.ts';
import { radiusOf } from './same-body.ts';

/** Where to look for one person in the next frame: steady while the body is, and quick to follow when it moves. */
export class RegionSmoother {
  // MediaPipe's own settings for what it takes regions from, which it smooths more than landmarks, and always.
  readonly #filter = new OneEuroFilter({ minCutoffHz: 0.01, beta: 10, speedCutoffHz: 1 });

  /** @param tNs - Later than that of the call before. */
  next(body: LocatedBody, tNs: number): RotatedRoi {
    const { centre, rim } = body;
    const circle = Float32Array.of(centre.x, centre.y, rim.x, rim.y);
    const [cx, cy, rimX, rimY] = this.#filter.filter(circle, tNs, 2 * radiusOf(body));
    return regionOfCircle({ x: cx!, y: cy! }, { x: rimX!, y: rimY! });
  }
}

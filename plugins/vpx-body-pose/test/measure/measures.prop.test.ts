import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BodyKeypoints } from 'vpx-sdk';
import { BodyMeasurer } from '../../src/measure/body-measurer.ts';
import { bodyOf, placed } from '../support/stick-body.ts';

const STEP_NS = 40_000_000;
const FRAME_COUNT = 40;

const wrist = fc.tuple(fc.integer({ min: 100, max: 300 }), fc.integer({ min: 0, max: 250 }));
/** Somebody whose right hand goes to and fro between two places. */
const dance = fc.record({
  from: wrist,
  to: wrist,
  rateHz: fc.double({ min: 0.2, max: 4, noNaN: true }),
});
const scale = fc.double({ min: 0.25, max: 4, noNaN: true });
const shift = fc.integer({ min: -500, max: 500 });

const measured = (bodies: readonly BodyKeypoints[]) => {
  const measurer = new BodyMeasurer();
  return bodies.map((body, i) => measurer.update(body, undefined, i * STEP_NS));
};

describe('the measures of a body', () => {
  it('do not depend on its size and place', () => {
    let wavingCount = 0;
    fc.assert(
      fc.property(dance, scale, shift, shift, ({ from, to, rateHz }, size, dx, dy) => {
        const bodies = Array.from({ length: FRAME_COUNT }, (_, i) => {
          const share = (1 - Math.cos((2 * Math.PI * rateHz * i * STEP_NS) / 1e9)) / 2;
          // Off the whole numbers, so that rounding decides nothing.
          const x = 0.37 + from[0] + (to[0] - from[0]) * share;
          const y = 0.37 + from[1] + (to[1] - from[1]) * share;
          return bodyOf({ rightElbow: [140, 120], rightWrist: [x, y] });
        });
        const before = measured(bodies);
        const after = measured(bodies.map((body) => placed(body, size, dx, dy)));
        for (const [i, one] of before.entries()) {
          if (one.waving !== 'none') wavingCount++;
          expect(after[i]!.handsRaised).toBe(one.handsRaised);
          expect(after[i]!.waving).toBe(one.waving);
          expect(after[i]!.leanDeg).toBeCloseTo(one.leanDeg!, 4);
          if (one.motionEnergy === undefined) expect(after[i]!.motionEnergy).toBeUndefined();
          else expect(after[i]!.motionEnergy).toBeCloseTo(one.motionEnergy, 4);
        }
      }),
    );
    expect(wavingCount).toBeGreaterThan(0);
  });

  it('swap sides when the body is mirrored', () => {
    fc.assert(
      fc.property(wrist, wrist, ([lx, ly], [rx, ry]) => {
        const body = bodyOf({ leftWrist: [lx, ly], rightWrist: [rx, ry] });
        const swapped = { none: 'none', left: 'right', right: 'left', both: 'both' } as const;
        const before = measured([body])[0]!;
        const after = measured([mirrored(body)])[0]!;
        expect(after.handsRaised).toBe(swapped[before.handsRaised]);
        expect(after.leanDeg).toBeCloseTo(-before.leanDeg!, 4);
      }),
    );
  });
});

function mirrored(body: BodyKeypoints): BodyKeypoints {
  const points = Object.entries(body.points).map(([name, { x, y, visibility }]) => {
    const other = name.replace(/^(left|right)/, (side) => (side === 'left' ? 'right' : 'left'));
    return [other, { x: 400 - x, y, visibility }] as const;
  });
  return { space: 'px', points: Object.fromEntries(points) as BodyKeypoints['points'] };
}

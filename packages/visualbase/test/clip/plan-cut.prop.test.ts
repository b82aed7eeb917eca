import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodingTimes,
  planCopy,
  planSmartCut,
  planVisibleCopy,
  type CutPlan,
  type ScannedPacket,
  type ScannedSpan,
} from '../../src/clip/plan-cut.ts';

const packet = (pts: number, kind: 'idr' | 'key' | 'other'): ScannedPacket => ({
  ...{ pts, duration: 10, isHidden: false, isDamaged: false },
  ...{ isKey: kind !== 'other', isIdr: kind === 'idr' },
});

/** Groups of pictures as encoders make them: each has a key frame and runs of B pictures. */
const group = fc.record({
  runs: fc.array(fc.nat(4), { minLength: 1, maxLength: 6 }),
  isOpen: fc.boolean(),
});
const stream = fc.array(group, { minLength: 1, maxLength: 6 }).map((groups) => {
  const packets: ScannedPacket[] = [];
  let next = 0;
  groups.forEach(({ runs, isOpen }, i) => {
    const leading = isOpen && i > 0 ? runs[0]! : 0;
    packets.push(packet((next + leading) * 10, isOpen ? 'key' : 'idr'));
    for (let b = 0; b < leading; b++) packets.push(packet((next + b) * 10, 'other'));
    next += leading + 1;
    for (const run of runs) {
      packets.push(packet((next + run) * 10, 'other'));
      for (let b = 0; b < run; b++) packets.push(packet((next + b) * 10, 'other'));
      next += run + 1;
    }
  });
  return { packets, count: next };
});
const span: fc.Arbitrary<ScannedSpan> = fc
  .tuple(stream, fc.nat(1000), fc.nat(1000))
  .map(([{ packets, count }, a, b]) => {
    const [start, end] = [(a * count) / 100, (b * count) / 100].sort((x, y) => x - y);
    return { packets, start: start!, end: end! + 1 };
  });

const times = (packets: readonly ScannedPacket[]): number[] =>
  packets.map(({ pts }) => pts!).sort((a, b) => a - b);
const wantedOf = ({ packets, start, end }: ScannedSpan): number[] =>
  times(packets).filter((pts) => pts >= start && pts < end);
const copiedOf = (plan: CutPlan, { packets }: ScannedSpan): number[] =>
  packets
    .slice(plan.copyFrom, plan.copyTo)
    .map(({ pts }) => pts!)
    .filter((pts) => !plan.isLeftOut(pts));

const check = (property: (span: ScannedSpan) => void): void => {
  fc.assert(fc.property(span, property), { numRuns: 2000 });
};

describe('planCopy', () => {
  it('copies every picture of the range, from a key frame on, and tells what is to be hidden', () => {
    check((span) => {
      const plan = planCopy(span);
      const wanted = wantedOf(span);
      if (wanted.length === 0) {
        expect(plan).toBe('no-picture');
        return;
      }
      if (typeof plan === 'string') throw new Error(plan);
      const copied = copiedOf(plan, span);
      expect(copied).toEqual(expect.arrayContaining(wanted));
      expect(span.packets[plan.copyFrom]!.isKey).toBe(true);
      expect(span.packets[plan.copyFrom]!.pts).toBeLessThanOrEqual(wanted[0]!);
      expect(plan).toMatchObject({
        firstPts: wanted[0],
        lastPts: wanted.at(-1),
        head: [],
        tail: [],
      });
      expect(plan.hasPreroll).toBe(copied.some((pts) => pts < wanted[0]!));
      expect(plan.hasOverhang).toBe(copied.some((pts) => pts > wanted.at(-1)!));
      const next = times(span.packets).find((pts) => pts > wanted.at(-1)!);
      expect(plan.nextPts).toBe(next);
    });
  });
});

describe('planVisibleCopy', () => {
  it('shows what it copies without holes, from a key frame on', () => {
    check((span) => {
      const plan = planVisibleCopy(span);
      if (typeof plan === 'string') return;
      const copied = copiedOf(plan, span).sort((a, b) => a - b);
      const between = times(span.packets).filter(
        (pts) => pts >= copied[0]! && pts <= copied.at(-1)!,
      );
      expect(copied).toEqual(between);
      expect(copied).toEqual(expect.arrayContaining(wantedOf(span)));
      expect(plan).toMatchObject({ firstPts: copied[0], lastPts: copied.at(-1) });
      expect(plan.frameCount).toBe(copied.length);
      expect(span.packets[plan.copyFrom]).toMatchObject({ isKey: true, pts: copied[0] });
      expect([plan.hasPreroll, plan.hasOverhang]).toEqual([false, false]);
    });
  });
});

describe('planSmartCut', () => {
  it.each([true, false])(
    'makes up the range of encoded and copied pictures, with a clean joint (hiding the end: %s)',
    (canHide) => {
      let count = 0;
      check((span) => {
        const plan = planSmartCut(span, canHide);
        if (typeof plan !== 'object') return;
        count += 1;
        const copied = copiedOf(plan, span).sort((a, b) => a - b);
        const shown = copied.filter((pts) => pts <= plan.lastPts);
        expect([...plan.head, ...shown, ...plan.tail]).toEqual(wantedOf(span));
        expect(plan.hasPreroll).toBe(false);
        if (!canHide) expect(plan.hasOverhang).toBe(false);
        else expect(plan.tail).toEqual([]);
        const joint = span.packets[plan.copyFrom]!;
        expect(joint).toMatchObject({ isIdr: true, pts: copied[0] });
        const before = times(span.packets.slice(0, plan.copyFrom));
        expect(before.every((pts) => pts < joint.pts!)).toBe(true);
        const after = times(span.packets.slice(plan.copyFrom + 1));
        expect(after.every((pts) => pts > joint.pts!)).toBe(true);
      });
      expect(count).toBeGreaterThan(300);
    },
  );

  it('finds nothing to copy where no key frame lies in the range', () => {
    const packets = [packet(0, 'idr'), packet(10, 'other'), packet(20, 'other')];
    expect(planSmartCut({ packets, start: 10, end: 30 }, true)).toBeUndefined();
    const open = [...packets, packet(30, 'key'), packet(40, 'other')];
    expect(planSmartCut({ packets: open, start: 10, end: 50 }, true)).toBeUndefined();
  });
});

describe('what cannot be planned', () => {
  const good = [packet(0, 'idr'), packet(20, 'other'), packet(10, 'other')];
  it.each([
    ['no-times', [packet(0, 'idr'), { ...packet(0, 'other'), pts: undefined }]],
    ['no-times', [packet(0, 'idr'), packet(0, 'other')]],
    ['damaged', [packet(0, 'idr'), { ...packet(10, 'other'), isDamaged: true }]],
    ['hidden', [good[0]!, good[1]!, { ...good[2]!, isHidden: true }]],
    ['no-key-frame', good.slice(1)],
    ['no-picture', []],
  ] as const)('is named: %s', (obstacle, packets) => {
    const span = { packets, start: 0, end: 30 };
    expect([planCopy(span), planSmartCut(span, true)]).toEqual([obstacle, obstacle]);
    expect(planVisibleCopy(span)).toBe(obstacle);
  });
});

describe('decodingTimes', () => {
  it('increase, and are never later than the picture is shown', () => {
    check(({ packets }) => {
      const shown = packets.map(({ pts }) => pts!);
      const decoded = decodingTimes(shown);
      decoded.forEach((dts, i) => {
        expect(dts).toBeLessThanOrEqual(shown[i]!);
        if (i > 0) expect(dts).toBeGreaterThan(decoded[i - 1]!);
      });
      expect(decoded.some((dts, i) => dts === shown[i])).toBe(true);
    });
  });
});

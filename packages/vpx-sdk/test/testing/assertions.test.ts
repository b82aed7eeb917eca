import { AssertionError } from 'node:assert';
import { describe, expect, it } from 'vitest';
import type { Observation, PixelBox } from '../../src/index.ts';
import {
  assertBoxNear,
  assertObservation,
  assertPointsNear,
  assertSignals,
} from '../../src/testing/index.ts';

const seen: Observation = {
  source: 'face.detect',
  frameId: 3,
  tNs: 300,
  signals: { face_count: 2, smile: 0.52, is_near: true, mood: 'glad' },
  data: { faces: [{ trackId: 1, box: Float32Array.of(1, 2) }] },
  metadata: {},
};
const box = (x1: number, y1: number, x2: number, y2: number): PixelBox => ({
  ...{ space: 'px', x1, y1, x2, y2 },
});

describe('assertSignals', () => {
  it('takes numbers within their tolerance, flags and texts as they are', () => {
    assertSignals(seen, { face_count: 2, is_near: true, mood: 'glad' });
    assertSignals(seen, { smile: 0.5 }, { tolerance: 0.03 });
    assertSignals(seen, { smile: 0.5, face_count: 2 }, { tolerances: { smile: 0.03 } });
    assertSignals({ signals: { a: NaN } }, { a: NaN });
  });

  it('names every signal that is wrong, missing or too many, with the values', () => {
    const wrong = { smile: 0.4, face_count: 3, mood: 'sad', yaw: 1 };
    expect(() => assertSignals(seen, wrong, { tolerances: { smile: 0.1 } })).toThrow(
      'Signals: smile is 0.52 instead of 0.4 (at most 0.1 off is allowed); face_count is 2 instead of 3; mood is "glad" instead of "sad"; yaw is missing (there is: face_count, smile, is_near, mood).',
    );
    expect(() => assertSignals({ signals: { a: 1, b: 2 } }, { a: 1 }, { exact: true })).toThrow(
      'b is not expected (2)',
    );
    expect(() => assertSignals(undefined, { a: 1 })).toThrow('a is missing (there is: none)');
    expect(() => assertSignals({ signals: { a: NaN } }, { a: 1 }, { tolerance: 5 })).toThrow(
      'a is NaN instead of 1',
    );
  });
});

describe('assertObservation', () => {
  it('looks at what is asked for, and at nothing else', () => {
    assertObservation(seen);
    assertObservation(
      seen,
      { source: 'face.detect', frameId: 3, data: seen.data, signals: { smile: 0.5 } },
      { tolerance: 0.1 },
    );
  });

  it('says where an observation is another, and that there is none', () => {
    const data = { faces: [{ trackId: 1, box: Float32Array.of(1, 3) }] };
    expect(() => assertObservation(seen, { data })).toThrow(
      'data.faces[0].box[1] is 2 instead of 3.',
    );
    expect(() => assertObservation(seen, { frameId: 4 })).toThrow('frameId is 3 instead of 4.');
    expect(() => assertObservation(seen, { signals: { smile: 1 } })).toThrow(AssertionError);
    expect(() => assertObservation(undefined)).toThrow('the module saw nothing');
  });
});

describe('assertBoxNear', () => {
  it('takes boxes whose sides are near, or that overlap enough', () => {
    assertBoxNear(box(10, 10, 20, 20), box(11, 9, 20, 20), { tolerance: 1 });
    assertBoxNear(box(0, 0, 10, 10), box(0, 0, 10, 5), { minIou: 0.5 });
  });

  it('says how far boxes are apart', () => {
    const actual = box(10, 10, 20, 20);
    expect(() => assertBoxNear(actual, box(12, 10, 20, 15), { tolerance: 1 })).toThrow(
      'The box (10, 10)-(20, 20) is off (12, 10)-(20, 15): x1 by -2, y2 by 5 (at most 1 off is allowed).',
    );
    expect(() => assertBoxNear(actual, box(10, 10, 20, 15), { minIou: 0.6 })).toThrow(
      'an IoU of 0.5 with (10, 10)-(20, 15), less than 0.6',
    );
    expect(() => assertBoxNear(undefined, actual, { minIou: 0.6 })).toThrow('There is no box near');
    const norm = { ...actual, space: 'norm' as const };
    expect(() => assertBoxNear(actual, norm, { tolerance: 1 })).toThrow(
      'in "px" and not in "norm"',
    );
    expect(() => assertBoxNear(box(NaN, 0, 1, 1), box(0, 0, 1, 1), { tolerance: 1 })).toThrow(
      'x1 by NaN',
    );
  });

  it('needs one limit', () => {
    expect(() => assertBoxNear(box(0, 0, 1, 1), box(0, 0, 1, 1), {})).toThrow(RangeError);
  });
});

describe('assertPointsNear', () => {
  const points = [
    { x: 0, y: 0 },
    { x: 10, y: 10 },
  ];

  it('takes points near their own', () => {
    assertPointsNear(points, [points[0]!, { x: 13, y: 14 }], { tolerance: 5 });
  });

  it('names the farthest', () => {
    expect(() =>
      assertPointsNear(
        points,
        [
          { x: 1, y: 0 },
          { x: 13, y: 14 },
        ],
        { tolerance: 0.5 },
      ),
    ).toThrow(
      'Of 2 points, point 1 is at (10, 10) instead of (13, 14): 5 away, with at most 0.5 allowed (and 1 more).',
    );
    expect(() => assertPointsNear(points, [], { tolerance: 1 })).toThrow('2 points instead of 0');
    expect(() => assertPointsNear([{ x: NaN, y: 0 }], [{ x: 0, y: 0 }], { tolerance: 1 })).toThrow(
      'NaN away',
    );
  });
});

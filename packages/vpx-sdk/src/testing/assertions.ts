import { AssertionError } from 'node:assert';
import type { NormBox, PixelBox } from 'visualbase';
import type { Observation, ObservationInit, SignalValue } from 'visualpath';
import { iou } from '../detect/nms.ts';
import type { Point } from '../image/point.ts';
import { describeDifference, firstDifference, show } from './first-difference.ts';
import { snapshot } from './snapshot.ts';

/** How near numbers must be. */
export interface Tolerance {
  /** Largest difference. Default 0. */
  readonly tolerance?: number;
}

/** Options of {@link assertSignals}. */
export interface SignalTolerance extends Tolerance {
  /** Largest difference of single signals, instead of `tolerance`. */
  readonly tolerances?: Readonly<Record<string, number>>;
  /** Whether there may be no other signals. Default false. */
  readonly exact?: boolean;
}

/** Options of {@link assertBoxNear}: give one. */
export interface BoxTolerance extends Tolerance {
  /** Least area the boxes share, divided by the area they cover together; 0..1. */
  readonly minIou?: number;
}

/** What {@link assertObservation} looks at; what is left out may be anything. */
export interface ExpectedObservation {
  readonly source?: string;
  readonly frameId?: number;
  readonly tNs?: number;
  readonly signals?: Readonly<Record<string, SignalValue>>;
  /** Must be the same bit for bit. */
  readonly data?: unknown;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/**
 * Asserts that a module has seen something in a frame, and what.
 *
 * @param tolerance - For the signals.
 * @throws AssertionError naming the field, with both values.
 */
export function assertObservation(
  actual: Observation | undefined,
  expected: ExpectedObservation = {},
  tolerance: SignalTolerance = {},
): asserts actual is Observation {
  if (actual === undefined) {
    throw failure('There is no observation: the module saw nothing.', actual, expected);
  }
  const { signals, ...fields } = expected;
  for (const [name, value] of Object.entries(fields)) {
    const found = firstDifference(snapshot(value), snapshot(actual[name as keyof Observation]));
    if (found === undefined) continue;
    const path = [name, found.path].filter(Boolean).join('.').replaceAll('.[', '[');
    throw failure(
      `In the observation, ${describeDifference({ ...found, path })}.`,
      actual,
      expected,
    );
  }
  if (signals !== undefined) assertSignals(actual, signals, tolerance);
}

/**
 * Asserts that an observation has signals: numbers within a tolerance, flags and texts as they are.
 *
 * @param actual - An observation, or what `process` returned.
 * @throws AssertionError naming every signal that is wrong or missing, with both values.
 */
export function assertSignals(
  actual: ObservationInit | undefined | null,
  expected: Readonly<Record<string, SignalValue>>,
  { tolerance = 0, tolerances = {}, exact = false }: SignalTolerance = {},
): void {
  const signals = actual?.signals ?? {};
  const problems: string[] = [];
  for (const [name, wanted] of Object.entries(expected)) {
    const allowed = tolerances[name] ?? tolerance;
    const value = Object.hasOwn(signals, name) ? signals[name] : undefined;
    if (value === undefined) {
      const near = Object.keys(signals).join(', ') || 'none';
      problems.push(`${name} is missing (there is: ${near})`);
    } else if (typeof value === 'number' && typeof wanted === 'number') {
      if (isWithin(value, wanted, allowed)) continue;
      problems.push(`${name} is ${value} instead of ${wanted}${within(allowed)}`);
    } else if (!Object.is(value, wanted)) {
      problems.push(`${name} is ${show(value)} instead of ${show(wanted)}`);
    }
  }
  if (exact) {
    const extra = Object.keys(signals).filter((name) => !Object.hasOwn(expected, name));
    for (const name of extra) problems.push(`${name} is not expected (${show(signals[name])})`);
  }
  if (problems.length === 0) return;
  throw failure(`Signals: ${problems.join('; ')}.`, signals, expected);
}

/**
 * Asserts that two boxes of the same space are near each other: each side within `tolerance`, or their
 * overlap at least `minIou`.
 *
 * @throws AssertionError with both boxes and how far they are apart; RangeError for two limits or none.
 */
export function assertBoxNear(
  actual: PixelBox | NormBox | undefined,
  expected: PixelBox | NormBox,
  { tolerance, minIou }: BoxTolerance,
): asserts actual is PixelBox | NormBox {
  if ((tolerance === undefined) === (minIou === undefined)) {
    throw new RangeError('Give either `tolerance` or `minIou`.');
  }
  const wanted = showBox(expected);
  if (actual === undefined) throw failure(`There is no box near ${wanted}.`, actual, expected);
  if (actual.space !== expected.space) {
    const spaces = `in "${actual.space}" and not in "${expected.space}"`;
    throw failure(`The box ${showBox(actual)} is ${spaces}.`, actual, expected);
  }
  if (minIou !== undefined) {
    const shared = iou(actual, expected);
    if (shared >= minIou) return;
    const least = `an IoU of ${round(shared)} with ${wanted}, less than ${minIou}`;
    throw failure(`The box ${showBox(actual)} has ${least}.`, actual, expected);
  }
  const sides = ['x1', 'y1', 'x2', 'y2'] as const;
  const apart = sides.filter((side) => !isWithin(actual[side], expected[side], tolerance!));
  if (apart.length === 0) return;
  const which = apart.map((side) => `${side} by ${round(actual[side] - expected[side])}`);
  const what = `is off ${wanted}: ${which.join(', ')}${within(tolerance!)}`;
  throw failure(`The box ${showBox(actual)} ${what}.`, actual, expected);
}

/**
 * Asserts that points are near others, in the same order: each within `tolerance` of its own, as the
 * crow flies.
 *
 * @throws AssertionError with the farthest point, how far it is, and how many are too far.
 */
export function assertPointsNear(
  actual: readonly Point[],
  expected: readonly Point[],
  { tolerance = 0 }: Tolerance,
): void {
  if (actual.length !== expected.length) {
    const counts = `${actual.length} points instead of ${expected.length}`;
    throw failure(`There are ${counts}.`, actual, expected);
  }
  const distances = actual.map((point, i) =>
    Math.hypot(point.x - expected[i]!.x, point.y - expected[i]!.y),
  );
  const isFar = (distance: number): boolean => !(distance <= tolerance);
  const farCount = distances.filter(isFar).length;
  if (farCount === 0) return;
  const rank = distances.map((distance) => (Number.isNaN(distance) ? Infinity : distance));
  const worst = rank.indexOf(Math.max(...rank));
  const place = `point ${worst} is at ${showPoint(actual[worst]!)} instead of ${showPoint(expected[worst]!)}`;
  const distance = `${round(distances[worst]!)} away, with at most ${tolerance} allowed`;
  const more = farCount > 1 ? ` (and ${farCount - 1} more)` : '';
  throw failure(`Of ${actual.length} points, ${place}: ${distance}${more}.`, actual, expected);
}

const failure = (message: string, actual: unknown, expected: unknown): AssertionError =>
  // Whoever reads the trace wants the line of the test.
  new AssertionError({ message, actual, expected, operator: 'near', stackStartFn: failure });

const isWithin = (actual: number, expected: number, tolerance: number): boolean =>
  Object.is(actual, expected) || Math.abs(actual - expected) <= tolerance;

const within = (tolerance: number): string =>
  tolerance === 0 ? '' : ` (at most ${tolerance} off is allowed)`;

const round = (value: number): number => Number(value.toPrecision(4));

const showBox = ({ x1, y1, x2, y2 }: PixelBox | NormBox): string =>
  `(${round(x1)}, ${round(y1)})-(${round(x2)}, ${round(y2)})`;

const showPoint = ({ x, y }: Point): string => `(${round(x)}, ${round(y)})`;

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KalmanFilter } from '../../src/track/kalman-filter.ts';
import { randomNumbers } from '../support/random.ts';

const atSec = (sec: number) => Math.round(sec * 1e9);

describe('KalmanFilter', () => {
  it('gives the first values back as they are, and does not mutate what it is given', () => {
    const values = Float32Array.of(1, 2, 3);
    expect(new KalmanFilter().filter(values, 0)).toEqual(values);
    expect(values).toEqual(Float32Array.of(1, 2, 3));
  });

  it('follows steady motion without lag, at uneven times', () => {
    const filter = new KalmanFilter({ measurementStd: 1, accelerationStd: 10 });
    const place = (sec: number) => [100 + 30 * sec, 50 - 12 * sec];
    let sec = 0;
    for (let i = 0; i < 60; i++) {
      filter.filter(place(sec), atSec(sec));
      sec += i % 3 === 0 ? 0.1 : 0.04;
    }
    const predicted = filter.predict(atSec(sec + 0.5))!.values;
    for (const [i, value] of place(sec + 0.5).entries()) {
      expect(predicted[i]!).toBeCloseTo(value, 1);
    }
  });

  it('trembles less than what it measures', () => {
    const random = randomNumbers(7);
    const filter = new KalmanFilter({ measurementStd: 2, accelerationStd: 5 });
    let rough = 0;
    let smooth = 0;
    for (let i = 0; i < 200; i++) {
      const measured = 40 + (random() - 0.5) * 6;
      const [value] = filter.filter([measured], atSec(i / 25));
      if (i < 20) continue;
      rough += (measured - 40) ** 2;
      smooth += (value! - 40) ** 2;
    }
    expect(smooth).toBeLessThan(rough / 3);
  });

  it('is less sure the longer it has seen nothing, and surer with each measurement', () => {
    const filter = new KalmanFilter();
    filter.filter([0], 0);
    filter.filter([0], atSec(0.1));
    const stds = [0.1, 0.2, 0.5, 1, 2].map((sec) => filter.predict(atSec(sec))!.std);
    expect(stds).toEqual(stds.toSorted((a, b) => a - b));
    const before = filter.predict(atSec(0.2))!.std;
    filter.filter([0], atSec(0.2));
    expect(filter.predict(atSec(0.2))!.std).toBeLessThan(before);
  });

  it('lets a thing that is not seen come to rest if its speed has a memory', () => {
    const filter = new KalmanFilter({ speedMemorySec: 0.5 });
    for (let i = 0; i < 100; i++) filter.filter([i], atSec(i / 10));
    const at = (sec: number) => filter.predict(atSec(9.9 + sec))!.values[0]!;
    expect(at(10) - at(5)).toBeLessThan(0.1);
    expect(at(10)).toBeGreaterThan(100);
    expect(at(10)).toBeLessThan(99 + 10 * 0.5 + 0.5);
  });

  it('starts anew after reset and when time goes back', () => {
    const filter = new KalmanFilter();
    expect(filter.predict(0)).toBeUndefined();
    filter.filter([0], atSec(1));
    filter.filter([10], atSec(2));
    expect(filter.filter([500], atSec(1))).toEqual(Float32Array.of(500));
    filter.reset();
    expect(filter.predict(atSec(3))).toBeUndefined();
    expect(filter.filter([7, 8], atSec(3))).toEqual(Float32Array.of(7, 8));
  });

  it('gives the same whatever the unit of length, when its options are in it too', () => {
    const track = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), {
      minLength: 2,
      maxLength: 20,
    });
    fc.assert(
      fc.property(track, fc.double({ min: 1, max: 1000, noNaN: true }), (values, unit) => {
        const one = new KalmanFilter({ measurementStd: 0.05, accelerationStd: 5 });
        const other = new KalmanFilter({
          measurementStd: 0.05 * unit,
          accelerationStd: 5 * unit,
        });
        for (const [i, value] of values.entries()) {
          const [a] = one.filter([value], atSec(i / 10));
          const [b] = other.filter([value * unit], atSec(i / 10));
          expect(Math.abs(b! / unit - a!)).toBeLessThan(1e-4);
        }
      }),
    );
  });

  it('refuses options that make no sense and another number of values', () => {
    expect(() => new KalmanFilter({ measurementStd: 0 })).toThrow(/`measurementStd`/);
    expect(() => new KalmanFilter({ accelerationStd: -1 })).toThrow(/`accelerationStd`/);
    expect(() => new KalmanFilter({ speedMemorySec: NaN })).toThrow(/`speedMemorySec`/);
    const filter = new KalmanFilter();
    filter.filter([1, 2], 0);
    expect(() => filter.filter([1], 1)).toThrow(/2 values, got 1/);
  });
});

import { describe, expect, it } from 'vitest';
import type { RgbImage } from 'vpx-sdk';
import { FaceQualityMeter } from '../src/face-quality.ts';

const SIZE = 200;
const FRONTAL = { yawDeg: 0, pitchDeg: 0, rollDeg: 0 };
const BOX = { space: 'px', x1: 36, y1: 36, x2: 164, y2: 164 } as const;

function gray(at: (x: number, y: number) => number): RgbImage {
  const data = new Uint8Array(SIZE * SIZE * 3);
  for (let i = 0; i < SIZE * SIZE; i++) {
    data.fill(at(i % SIZE, Math.floor(i / SIZE)), i * 3, i * 3 + 3);
  }
  return { format: 'rgb24', width: SIZE, height: SIZE, strideBytes: SIZE * 3, data };
}

/** Stripes of a wave of `periodPx`; finer waves are what blur takes away. */
const waves = (periodPx: number, contrast = 100): RgbImage =>
  gray((x) => 128 + contrast * Math.sin((2 * Math.PI * x) / periodPx));

const meter = new FaceQualityMeter();
const measure = (image: RgbImage) => meter.measure(image, BOX, FRONTAL);

describe('FaceQualityMeter', () => {
  it('finds fine detail sharper than coarse, whatever the contrast', () => {
    const sharpness = [8, 16, 32, 64].map((period) => measure(waves(period)).sharpness);
    expect(sharpness).toEqual(sharpness.toSorted((a, b) => b - a));
    expect(sharpness[0]).toBe(1);
    expect(sharpness[3]).toBeLessThan(0.2);
    // Rounding to bytes shows in a weak pattern.
    const weak = measure(waves(32, 40)).sharpness;
    expect(Math.abs(weak - sharpness[2]!)).toBeLessThan(0.1);
  });

  it('gives nothing for a face that shows nothing', () => {
    expect(measure(gray(() => 90))).toMatchObject({ sharpness: 0, score: 0 });
  });

  it('counts size up to 128 px, and turns up to 60 degrees', () => {
    const image = waves(8);
    expect(measure(image)).toMatchObject({ score: 1, size: 1, sizePx: 128, frontalness: 1 });
    const small = { ...BOX, x2: BOX.x1 + 32, y2: BOX.y1 + 32 };
    expect(meter.measure(image, small, FRONTAL)).toMatchObject({ size: 0.25, sizePx: 32 });
    const turned = (yawDeg: number) => meter.measure(image, BOX, { ...FRONTAL, yawDeg });
    expect(turned(30).frontalness).toBeCloseTo(0.5);
    expect(turned(-75)).toMatchObject({ frontalness: 0, score: 0 });
  });
});

import { describe, expect, it } from 'vitest';
import { BodyMeasurer } from '../../src/measure/body-measurer.ts';
import { bodyOf, type Joint } from '../support/stick-body.ts';

const SEC = 1e9;

/** How a wrist goes: its place at a time in seconds. */
type Path = (sec: number) => readonly [x: number, y: number];

/** The seconds at which the right hand counted as waving. */
function wavingSecs(path: Path, fps: number, lengthSec = 4, hidden: readonly Joint[] = []) {
  const measurer = new BodyMeasurer();
  const found: number[] = [];
  for (let frame = 0; frame < lengthSec * fps; frame++) {
    const sec = frame / fps;
    const body = bodyOf({ rightElbow: [140, 140], rightWrist: path(sec) }, hidden);
    const { waving } = measurer.update(body, undefined, Math.round(sec * SEC));
    expect(['none', 'right']).toContain(waving);
    if (waving === 'right') found.push(sec);
  }
  return found;
}

const swing =
  (rateHz: number, widthPx: number, y = 80): Path =>
  (sec) => [140 + (widthPx / 2) * Math.sin(2 * Math.PI * rateHz * sec), y];

describe('waving', () => {
  it.each([10, 15, 24, 30, 60])('is told at %d frames a second', (fps) => {
    const found = wavingSecs(swing(1.5, 40), fps);
    expect(found[0]).toBeLessThan(1.3);
    expect(found.at(-1)).toBeGreaterThan(3.8);
  });

  it.each([1, 2, 3])('is told at %d swings a second', (rateHz) => {
    expect(wavingSecs(swing(rateHz, 40), 30).length).toBeGreaterThan(0);
  });

  it.each([
    ['a hand that is still', swing(0, 0)],
    ['a hand that trembles', swing(4, 6)],
    ['a hand that goes slowly', swing(0.3, 60)],
    ['a hand at the hip', swing(1.5, 40, 200)],
    ['a hand that goes up and down', (sec) => [140, 80 + 30 * Math.sin(9 * sec)]],
    ['a hand that goes there and back', (sec) => [140 + 60 * Math.exp(-((sec - 2) ** 2) * 9), 80]],
  ] satisfies [string, Path][])('is not %s', (_what, path) => {
    expect(wavingSecs(path, 30)).toEqual([]);
  });

  it('is not told of a hand that is not seen', () => {
    expect(wavingSecs(swing(1.5, 40), 30, 4, ['rightWrist'])).toEqual([]);
  });

  it('ends within a second after the hand came to rest', () => {
    const found = wavingSecs((sec) => (sec < 2 ? swing(1.5, 40)(sec) : [140, 80]), 30);
    expect(found.at(-1)).toBeGreaterThan(1.9);
    expect(found.at(-1)).toBeLessThan(3);
  });
});

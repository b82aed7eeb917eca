import { describe, expect, it } from 'vitest';
import { SizeEstimator } from '../../src/log/size-estimator.ts';

const observationOf = (data: unknown) => ({
  source: 'a',
  frameId: 0,
  tNs: 0,
  signals: {},
  data,
  metadata: {},
});

const bytesOf = (...data: readonly unknown[]): number => {
  const estimator = new SizeEstimator();
  return data.reduce<number>((sum, item) => sum + estimator.add(observationOf(item)), 0);
};

const beyond = (data: unknown): number => bytesOf(data) - bytesOf(0);

describe('SizeEstimator', () => {
  it('counts the whole buffer that a small view keeps alive', () => {
    const view = new Uint8Array(1_000_000).subarray(10, 20);
    expect(beyond(view)).toBeGreaterThan(1_000_000);
  });

  it('counts a buffer once for views of it in a row', () => {
    const buffer = new ArrayBuffer(1_000_000);
    const views = [0, 1, 2, 3].map((index) => new Uint8Array(buffer, index * 1000, 1000));
    expect(bytesOf(...views)).toBeLessThan(1_010_000);
    expect(beyond(views)).toBeLessThan(1_010_000);
  });

  it('does not count the rest of a shared ring', () => {
    const view = new Uint8Array(new SharedArrayBuffer(1_000_000), 100, 1000);
    expect(beyond(view)).toBeLessThan(2000);
  });

  it('extrapolates long lists', () => {
    const point = () => ({ x: 0.5, y: 1.5, z: 2.5 });
    const one = beyond([point()]);
    const many = beyond(Array.from({ length: 10_000 }, point));
    expect(many).toBeGreaterThan(5000 * one);
    expect(many).toBeLessThan(15_000 * one);
  });

  it('extrapolates lists of lists, long maps, and objects with many fields', () => {
    const list = Array.from({ length: 100 }, () => Array.from({ length: 100 }, () => 'a text'));
    expect(beyond(list)).toBeGreaterThan(10_000 * 20);
    expect(
      beyond(new Map(Array.from({ length: 10_000 }, (_, index) => [index, 'text']))),
    ).toBeGreaterThan(10_000 * 20);
    expect(
      beyond(Object.fromEntries(list.flat().map((text, index) => [`k${index}`, text]))),
    ).toBeGreaterThan(10_000 * 20);
  });

  it('counts texts by their length', () => {
    expect(beyond('x'.repeat(10_000))).toBeGreaterThan(10_000);
  });

  it('comes to an end on cycles', () => {
    const data: Record<string, unknown> = {};
    data['self'] = data;
    data['list'] = [data, data];
    expect(beyond(data)).toBeGreaterThan(0);
  });
});

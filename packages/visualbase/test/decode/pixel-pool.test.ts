import { describe, expect, it } from 'vitest';
import { givePixels, takePixels } from '../../src/decode/pixel-pool.ts';

const MIB = 2 ** 20;

describe('the pool of memory for frames', () => {
  it('gives the same memory again, once it was given back', () => {
    const first = takePixels(1000);
    const second = takePixels(1000);
    expect(second).not.toBe(first);
    givePixels(first);
    expect(takePixels(40 * MIB)).toBe(first);
    givePixels(first);
    givePixels(second);
  });

  it('gives no less than was asked for', () => {
    expect(takePixels(100 * MIB).byteLength).toBe(100 * MIB);
  });

  it('keeps two at most', () => {
    const taken = Array.from({ length: 5 }, () => takePixels(1000));
    for (const memory of taken) givePixels(memory);
    const again = Array.from({ length: 5 }, () => takePixels(1000));
    expect(again.filter((memory) => taken.includes(memory))).toHaveLength(2);
  });
});

import { describe, expect, it } from 'vitest';
import { DecodeOrderTimes } from '../../src/decode/decode-order-times.ts';

describe('DecodeOrderTimes', () => {
  it('takes the delay of the decoder off, and goes on where it says nothing', () => {
    const times = new DecodeOrderTimes(0n);
    const labels = [1n, 2n, 3n, undefined];
    expect(labels.map((label) => times.next(label, 1n))).toEqual([0n, 1n, 2n, 3n]);
  });

  it('leaves the labels of a decoder that does not reorder as they are', () => {
    const times = new DecodeOrderTimes(5n);
    expect([5n, 6n, 9n].map((label) => times.next(label, 1n))).toEqual([5n, 6n, 9n]);
  });

  it('begins at the start where the first picture has no label', () => {
    const times = new DecodeOrderTimes(5n);
    expect([undefined, undefined].map((label) => times.next(label, 0n))).toEqual([5n, 6n]);
  });
});

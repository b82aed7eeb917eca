import { describe, expect, it } from 'vitest';
import { decodeFloat16 } from '../../src/convert/float16.ts';

describe('decodeFloat16', () => {
  it.each([
    ['zero', 0x0000, 0],
    ['minus zero', 0x8000, -0],
    ['one', 0x3c00, 1],
    ['minus two', 0xc000, -2],
    ['the largest', 0x7bff, 65504],
    ['the smallest normal', 0x0400, 2 ** -14],
    ['the smallest', 0x0001, 2 ** -24],
    ['a third', 0x3555, 0.333251953125],
    ['infinity', 0x7c00, Infinity],
    ['minus infinity', 0xfc00, -Infinity],
    ['not a number', 0x7e00, NaN],
  ])('decodes %s', (_, half, value) => {
    expect(decodeFloat16(Uint8Array.of(half & 0xff, half >> 8))[0]).toBe(value);
  });
});

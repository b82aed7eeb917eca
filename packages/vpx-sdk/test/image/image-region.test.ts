import { describe, expect, it } from 'vitest';
import { viewOf } from '../../src/image/image-region.ts';

describe('viewOf', () => {
  it('shows the pixels of the part, without a copy', () => {
    const data = Uint8Array.from({ length: 4 * 3 * 3 }, (_, i) => i);
    const image = { format: 'rgb24' as const, width: 4, height: 3, strideBytes: 12, data };
    const view = viewOf(image, { left: 2, top: 1, width: 2, height: 2 });
    expect(view).toMatchObject({ width: 2, height: 2, strideBytes: 12 });
    expect([...view.data.subarray(0, 6)]).toEqual([18, 19, 20, 21, 22, 23]);
    expect(view.data.buffer).toBe(data.buffer);
  });
});

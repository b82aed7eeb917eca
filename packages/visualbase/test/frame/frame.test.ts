import { describe, expect, it, vi } from 'vitest';
import { Frame } from '../../src/frame/frame.ts';

const make = (onRelease?: () => void) =>
  Frame.fromRgb({
    frameId: 3,
    tSrcNs: 40_000_000,
    width: 4,
    height: 2,
    data: Uint8Array.from({ length: 24 }, (_, i) => i * 10),
    ...(onRelease && { onRelease }),
  });

describe('Frame', () => {
  it.each([NaN, 12.5, Infinity])('refuses rows of %s bytes', (strideBytes) => {
    const init = { frameId: 0, tSrcNs: 0, width: 4, height: 2, data: new Uint8Array(64) };
    expect(() => Frame.fromRgb({ ...init, strideBytes })).toThrow(
      `strideBytes must be a whole number of bytes, got ${strideBytes}`,
    );
  });

  it('gives its memory back once, when the last holder has released it', () => {
    const onRelease = vi.fn();
    const frame = make(onRelease).retain();
    frame.release();
    expect(onRelease).not.toHaveBeenCalled();
    expect(frame.data.length).toBe(24);
    frame.release();
    frame.release();
    expect(onRelease).toHaveBeenCalledTimes(1);
    expect(frame.isReleased).toBe(true);
  });

  it.each(['data', 'gray', 'resized', 'crop', 'retain', 'clone'] as const)(
    'refuses %s after its release',
    (access) => {
      const frame = make();
      frame.release();
      const use = {
        data: () => frame.data,
        gray: () => frame.gray(),
        resized: () => frame.resized(2, 1),
        crop: () => frame.crop({ space: 'px', x1: 0, y1: 0, x2: 1, y2: 1 }),
        retain: () => frame.retain(),
        clone: () => frame.clone(),
      }[access];
      expect(use).toThrow(expect.objectContaining({ code: 'VB_FRAME_RELEASED' }));
    },
  );

  it('keeps a clone readable after the original is gone', () => {
    const frame = make();
    const copy = frame.clone();
    frame.release();
    expect(copy.data[23]).toBe(230);
    expect(copy.tSrcNs).toBe(40_000_000);
  });

  it('gives borrowed memory back when it is detached, and stays readable for its holders', () => {
    const onRelease = vi.fn();
    const data = new Uint8Array(24).fill(7);
    const size = { width: 4, height: 2 };
    const frame = Frame.fromRgb({ frameId: 3, tSrcNs: 5, ...size, data, onRelease }).retain();
    frame.detach();
    expect(onRelease).toHaveBeenCalledTimes(1);
    data.fill(9);
    frame.release();
    expect(frame.data[0]).toBe(7);
    frame.detach().release();
    expect(onRelease).toHaveBeenCalledTimes(1);
    expect(() => frame.detach()).toThrow(expect.objectContaining({ code: 'VB_FRAME_RELEASED' }));
  });

  it('computes each view once and shares it', () => {
    const frame = make();
    expect(frame.gray()).toBe(frame.gray());
    expect(frame.resized(2, 1)).toBe(frame.resized(2, 1));
    expect(frame.resized(4, 2)).toBe(frame);
  });

  it.each([
    [{ width: 0 }, /at least 1 pixel/],
    [{ tSrcNs: -1 }, /tSrcNs/],
    [{ tSrcNs: 0.5 }, /tSrcNs/],
    [{ frameId: -1 }, /frameId/],
    [{ data: new Uint8Array(23) }, /needs 24 bytes, got 23/],
  ])('refuses %o', (wrong, message) => {
    const good = { frameId: 0, tSrcNs: 0, width: 4, height: 2, data: new Uint8Array(24) };
    expect(() => Frame.fromRgb({ ...good, ...wrong })).toThrow(message);
  });
});

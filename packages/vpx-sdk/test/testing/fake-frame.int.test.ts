import path from 'node:path';
import { makeVideo } from 'visualbase/testing';
import { writeImage } from 'visualbase';
import { describe, expect, it } from 'vitest';
import { FakeFrame, readFrames, type FakePixels } from '../../src/testing/index.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const pixelAt = (frame: { data: Uint8Array; strideBytes: number }, x: number, y: number) => [
  ...frame.data.subarray(y * frame.strideBytes + x * 3, y * frame.strideBytes + x * 3 + 3),
];

describe('FakeFrame.make', () => {
  it('makes a frame of the size, time and id asked for', () => {
    const frame = FakeFrame.make({ width: 5, height: 3, frameId: 7, tNs: 250_000_000 });
    expect(frame).toMatchObject({ width: 5, height: 3, frameId: 7, tSrcNs: 250_000_000 });
    expect(frame.gray().data).toHaveLength(15);
  });

  it('paints colours, gradients and checkerboards', () => {
    const paint = (pixels: FakePixels) => FakeFrame.make({ width: 4, height: 2, pixels });
    expect(pixelAt(paint({ kind: 'solid', color: [1, 2, 3] }), 3, 1)).toEqual([1, 2, 3]);
    const across = paint({ kind: 'gradient', to: [30, 60, 90] });
    expect([0, 1, 2, 3].map((x) => pixelAt(across, x, 1)[2])).toEqual([0, 30, 60, 90]);
    const down = paint({ kind: 'gradient', from: [9, 9, 9], to: [3, 3, 3], along: 'y' });
    expect([pixelAt(down, 0, 0), pixelAt(down, 3, 1)]).toEqual([
      [9, 9, 9],
      [3, 3, 3],
    ]);
    const board = paint({ kind: 'checkerboard', squarePx: 1, shiftPx: 1 });
    expect([0, 1].map((y) => [0, 1].map((x) => pixelAt(board, x, y)[0]))).toEqual([
      [255, 0],
      [0, 255],
    ]);
  });

  it('makes the same noise of the same seed, and other noise of another', () => {
    const noise = (seed: number) => FakeFrame.make({ pixels: { kind: 'noise', seed } }).data;
    expect(noise(3)).toEqual(noise(3));
    expect(noise(3)).not.toEqual(noise(4));
    const mean = noise(3).reduce((sum, value) => sum + value, 0) / noise(3).length;
    expect(Math.abs(mean - 127.5)).toBeLessThan(1);
  });

  it('copies pixels that are given', () => {
    const data = Uint8Array.of(1, 2, 3, 4, 5, 6);
    const frame = FakeFrame.make({ width: 2, height: 1, pixels: { kind: 'rgb', data } });
    data.fill(0);
    expect([...frame.data]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('says when a frame has been released by all', () => {
    let releases = 0;
    const frame = FakeFrame.make({ onRelease: () => releases++ }).retain();
    frame.release();
    expect(releases).toBe(0);
    frame.release();
    expect(releases).toBe(1);
    expect(() => frame.data).toThrow(expect.objectContaining({ code: 'VB_FRAME_RELEASED' }));
  });

  it.each([
    [{ width: 0 }, /`width`/],
    [{ height: 1.5 }, /`height`/],
    [{ tNs: -1 }, /tSrcNs/],
    [{ pixels: { kind: 'solid', color: [0, 0, 256] } }, /three bytes/],
    [{ pixels: { kind: 'checkerboard', squarePx: 0 } }, /`pixels.squarePx`/],
    [{ pixels: { kind: 'rgb', data: new Uint8Array(5) } }, /must have 230400 bytes, got 5/],
    [{ pixels: { kind: 'plaid' } as never }, /`pixels.kind`/],
  ] as const)('refuses %o', (init, message) => {
    expect(() => FakeFrame.make(init)).toThrow(message);
  });
});

describe('FakeFrame.sequence', () => {
  it('makes frames at a rate, from a time and id on', () => {
    const frames = FakeFrame.sequence({ count: 4, fps: 30, startNs: 1e9, firstFrameId: 10 });
    expect(frames.map(({ frameId }) => frameId)).toEqual([10, 11, 12, 13]);
    expect(frames.map(({ tSrcNs }) => tSrcNs)).toEqual([
      1_000_000_000, 1_033_333_333, 1_066_666_667, 1_100_000_000,
    ]);
  });

  it('shows something else in each frame unless told what', () => {
    const size = { width: 48, height: 32 };
    const frames = FakeFrame.sequence({ count: 12, ...size });
    expect(new Set(frames.map(({ data }) => Buffer.from(data).toString('base64'))).size).toBe(12);
    const grey = FakeFrame.sequence({ count: 2, ...size, pixels: { kind: 'solid' } });
    expect(grey[0]!.data).toEqual(grey[1]!.data);
    const byIndex = (i: number): FakePixels => ({ kind: 'solid', color: [i, i, i] });
    expect(FakeFrame.sequence({ count: 9, ...size, pixels: byIndex })[8]!.data[0]).toBe(8);
  });

  it.each([
    [{ count: -1 }, /`count`/],
    [{ count: 1, fps: 0 }, /`fps`/],
  ])('refuses %o', (init, message) => {
    expect(() => FakeFrame.sequence(init)).toThrow(message);
  });
});

describe('frames from files', () => {
  it('takes a picture file, as large as it is or as asked', async () => {
    const file = path.join(await temporaryFolder(), 'picture.png');
    const painted = FakeFrame.make({ width: 40, height: 24, pixels: { kind: 'noise' } });
    await writeImage(painted, file);
    const read = await FakeFrame.fromImage(file, { frameId: 3, tNs: 5 });
    expect(read).toMatchObject({ width: 40, height: 24, frameId: 3, tSrcNs: 5 });
    expect(Buffer.compare(read.data, painted.data)).toBe(0);
    expect(await FakeFrame.fromImage(file, { width: 20 })).toMatchObject({ width: 20, height: 12 });
    await expect(FakeFrame.fromImage(`${file}.gone`)).rejects.toMatchObject({
      code: 'VB_FILE_NOT_FOUND',
    });
  });

  it('reads frames of a video that stay', async () => {
    const file = path.join(await temporaryFolder(), 'video.mp4');
    await makeVideo({ path: file, width: 64, height: 48, fps: 10, frameCount: 10 });
    const frames = await readFrames(file, { fps: 5, count: 3 });
    expect(frames.map(({ tSrcNs }) => tSrcNs)).toEqual([0, 2e8, 4e8]);
    expect(frames.every(({ data }) => data.length === 64 * 48 * 3)).toBe(true);
    await expect(readFrames(file, { count: 0 })).rejects.toThrow(/`count`/);
  });
});

import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { FileSourceOptions } from '../../src/source/file-source-options.ts';
import { FileSource } from '../../src/source/file-source.ts';
import { makeVideo } from '../../src/testing/make-video.ts';
import { readSource, useTempFolder } from './read-source.ts';

const at = useTempFolder();

describe('a FileSource with fps', () => {
  it.each([
    ['p30.mp4', 30, [1, 7, 10, 20, 29.97]],
    ['p24.mkv', 24, [5, 10, 23]],
    ['ntsc.mkv', { num: 30_000, den: 1001 }, [10, 15, 20]],
    ['p25.webm', 25, [10, 24]],
    ['p12.gif', 12.5, [5, 10]],
  ] as const)(
    'takes the first picture at or after each point of the grid from %s',
    async (name, rate, rates) => {
      const fps = typeof rate === 'number' ? { num: rate * 2, den: 2 } : rate;
      const { path } = await makeVideo({ path: at(name), fps, frameCount: 90, gop: 20 });
      const whole = (await readSource(path)).pictures;
      const durationSec = (90 * fps.den) / fps.num;
      for (const wanted of rates) {
        const { pictures, stats } = await readSource(path, { fps: wanted });
        expect(pictures[0]?.frameId).toBe(0);
        expect(Math.abs(pictures.length - durationSec * wanted)).toBeLessThanOrEqual(1);
        expect(pictures).toEqual(
          whole.filter((picture) => pictures.some(({ frameId }) => frameId === picture.frameId)),
        );
        // A picture may be early by what the container rounds.
        const step = 1e9 / wanted;
        for (const [k, picture] of pictures.entries()) {
          expect(picture.tNs).toBeGreaterThanOrEqual(k * step - 1e6);
          expect(whole[picture.frameId - 1]?.tNs ?? -Infinity).toBeLessThan(k * step);
        }
        expect(stats.deliveredCount).toBe(pictures.length);
      }
    },
  );

  it('gives every picture once when it asks for more than there are', async () => {
    const { path } = await makeVideo({ path: at('slow.mp4'), fps: 10, frameCount: 20 });
    const { pictures } = await readSource(path, { fps: 60 });
    expect(pictures.map(({ index }) => index)).toEqual(Array.from({ length: 20 }, (_, i) => i));
  });

  it('gives a picture once where the times have a gap', async () => {
    const timesMs = [0, 100, 200, 1200, 1300, 1400];
    const { path } = await makeVideo({ path: at('gap.mkv'), timesMs });
    const { pictures } = await readSource(path, { fps: 5 });
    expect(pictures.map(({ index }) => index)).toEqual([0, 2, 3, 5]);
  });
});

/** The pixels of each picture by its index, and how many were decoded for them. */
async function pixelsOf(path: string, options: FileSourceOptions) {
  const source = await FileSource.open(path, options);
  const pixels = new Map<number, string>();
  for await (const frame of source) {
    pixels.set(frame.frameId, createHash('sha1').update(frame.data).digest('hex'));
  }
  return { pixels, decodedCount: source.stats!.decodedCount };
}

describe('pictures that nobody wants', () => {
  it.each([
    ['h264-b2.mp4', { bFrames: 2 }],
    ['h264-b4.mkv', { bFrames: 4 }],
    ['h264-late.ts', { bFrames: 3, startOffsetSec: 2 }],
    ['mpeg4-b.mp4', { codec: 'mpeg4', bFrames: 2 }],
  ] as const)(
    'are not decoded where no other needs them, and change nothing: %s',
    async (name, made) => {
      const { path } = await makeVideo({ path: at(name), frameCount: 90, gop: 25, ...made });
      const whole = await pixelsOf(path, {});
      for (const options of [{ fps: 10 }, { fps: 7 }, { fps: 4, startSec: 0.9, endSec: 2.6 }]) {
        const sampled = await pixelsOf(path, options);
        expect(sampled.pixels.size).toBeGreaterThan(5);
        for (const [frameId, pixels] of sampled.pixels)
          expect(pixels).toBe(whole.pixels.get(frameId));
        expect(sampled.decodedCount).toBeLessThan(80);
      }
    },
  );
});

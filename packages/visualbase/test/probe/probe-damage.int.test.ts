import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { probe } from '../../src/probe/probe.ts';
import { makeVideo } from '../../src/testing/make-video.ts';
import { readSource, useTempFolder } from '../source/read-source.ts';

const at = useTempFolder();

/** Makes a video of 12 pictures and changes its bytes. */
async function alter(name: string, change: (bytes: Buffer) => void): Promise<string> {
  await makeVideo({
    path: at(name),
    frameCount: 12,
    ...(name.endsWith('.avi') && { codec: 'mpeg4' }),
  });
  const bytes = readFileSync(at(name));
  change(bytes);
  writeFileSync(at(name), bytes);
  return at(name);
}

/** Fields of an AVI stream header, counted from its tag. */
const STRH = { scale: 28, rate: 32, length: 40 } as const;
const setField =
  (field: keyof typeof STRH, value: number) =>
  (bytes: Buffer): void => {
    bytes.writeUInt32LE(value, bytes.indexOf('strh') + STRH[field]);
  };

describe('a header with numbers that mean nothing', () => {
  it('gives no length where it announces centuries, and all of its pictures', async () => {
    const path = await alter('long.avi', setField('length', 0xfffffff0));
    expect(await probe(path)).toMatchObject({ durationNs: 0, video: { frameCount: 0xfffffff0 } });
    const { pictures, stats } = await readSource(path);
    expect(pictures.map(({ index }) => index)).toEqual(Array.from({ length: 12 }, (_, i) => i));
    expect(stats.damage.missingCount).toBe(0xfffffff0 - 12);
  });

  it('still gives the pictures where each is announced to last for months', async () => {
    const path = await alter('slow.avi', setField('scale', 0x7fffffff));
    const { pictures } = await readSource(path);
    expect(pictures.map(({ index }) => index)).toEqual(Array.from({ length: 12 }, (_, i) => i));
    const times = pictures.map(({ tNs }) => tNs);
    expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
  });

  it('gives no rate where it announces a negative one', async () => {
    const path = await alter('backwards.flv', (bytes) => {
      const at = bytes.indexOf('framerate') + 'framerate'.length + 1;
      expect(bytes.readDoubleBE(at)).toBe(30);
      bytes.writeDoubleBE(-30, at);
    });
    expect((await probe(path)).video.fps).toBe(0);
  });
});
